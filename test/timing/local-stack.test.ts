import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import got from 'got';

import { createKafka } from '#libs/kafka';
import { createLogger } from '#libs/runtime';

import { startStack } from '../../deploy/local/stack.ts';
import { NpmStart } from '../support/stack/npm-start.ts';
import { familyOf, leftOf } from '../support/stack/processes.ts';

const GONE_LIMIT_MS = 15_000;
const nothingGiven = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', MONGODB_URI: '' };

let dataDir: string;
const runs: NpmStart[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'webhook-local-'));
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    try {
      run.signal('SIGKILL');
    } catch {
      // It has ended already, as it should.
    }
    await run.exited;
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 });
});

async function open(env: NodeJS.ProcessEnv = {}): Promise<NpmStart> {
  const run = await NpmStart.open(dataDir, env);
  runs.push(run);
  return run;
}

async function ready(): Promise<{ run: NpmStart; family: Map<number, string> }> {
  const run = await open();
  await run.ready();
  const family = await familyOf(run.pid);
  const commands = [...family.values()].join('\n');
  for (const expected of ['kafka.Kafka', 'apicurio-registry', 'secantus', 'config/src/main.js', 'retry/src/main.js']) {
    expect(commands).toContain(expected);
  }
  return { run, family };
}

async function registerSchema(registry: string, name: string): Promise<unknown> {
  const schema = JSON.stringify({ type: 'record', name, fields: [] });
  return got.post(`${registry}/subjects/${name}/versions`, { json: { schema } }).json();
}

async function topicsOf(brokers: string, create: readonly string[] = []): Promise<string[]> {
  const admin = createKafka({
    brokers: [brokers],
    clientId: 'test',
    logger: createLogger('test', 'silent'),
  }).admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics: create.map((topic) => ({ topic, numPartitions: 2, replicationFactor: 1 })) });
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describe('npm start leaves nothing running', () => {
  it('after Ctrl-C, having kept its apps running and its data to itself until then', async () => {
    const { run, family } = await ready();

    const second = await open();
    expect(await second.exited).toBe(1);
    expect(second.text()).toContain(`Another "npm start" (process ${run.pid}) uses ${dataDir}. Stop it first.`);

    const [retry] = [...family].find(([, command]) => command.includes('retry/src/main.js')) ?? [0];
    process.kill(retry, 'SIGKILL');
    await run.line((line) => line.startsWith('retry ended (SIGKILL); starting it again'));

    run.interrupt();
    expect(await run.exited).toBe(0);
    expect(await leftOf(family, GONE_LIMIT_MS)).toEqual([]);
  });

  it('after kill, and after kill -9, from which the same data starts again', async () => {
    const killed = await ready();
    killed.run.signal('SIGKILL');
    await killed.run.exited;

    const { run, family } = await ready();
    expect(await leftOf(killed.family, 0)).toEqual([]);
    run.signal('SIGTERM');
    expect(await run.exited).toBe(0);
    expect(await leftOf(family, GONE_LIMIT_MS)).toEqual([]);
  });

  it('after a start that fails for a bad setting, which it names once the app has', async () => {
    const run = await open({ RETRY_SCHEDULE: '5s,soon' });
    await run.line((line) => line.includes('"soon" is not a delay'));
    const family = await familyOf(run.pid);
    expect(await run.exited).toBe(1);
    expect(await leftOf(family, GONE_LIMIT_MS)).toEqual([]);
  });
});

describe('a stack that cannot start says why', () => {
  it('names what is missing on the machine and how to get it', async () => {
    const run = await open({ PATH: dataDir });
    expect(await run.exited).toBe(1);
    expect(run.text()).toMatch(/Java 17 or newer is needed .* does not run\. Install one, for example/);
  });

  it('shows the end of the log of a part that dies while starting, and stops the others', async () => {
    await mkdir(join(dataDir, 'kafka', 'log'), { recursive: true });
    await writeFile(join(dataDir, 'kafka', 'log', 'meta.properties'), 'version=1\nnode.id=7\ncluster.id=elsewhere\n');
    const failed = startStack({ dataDir, env: nothingGiven });
    await expect(failed).rejects.toThrow(
      /Apache Kafka ended with status 1 while starting\. The last lines of .*kafka\.log:\n[^]*node id 7/,
    );
    expect([...(await familyOf(process.pid)).values()].filter((command) => command.includes(dataDir))).toEqual([]);
  });
});

describe('kept data', () => {
  it('a start on it takes less than 20 s, with the topics, schema ids and other ports, also after kill -9 of every part', async () => {
    const first = await startStack({ dataDir, env: nothingGiven });
    const ids = [
      await registerSchema(first.schemaRegistryUrl, 'A'),
      await registerSchema(first.schemaRegistryUrl, 'B'),
    ];
    expect(await topicsOf(first.kafkaBrokers, ['kept'])).toContain('kept');
    await Promise.all(first.embedded.map(async (name) => first.part(name).kill()));

    const began = Date.now();
    const second = await startStack({ dataDir, env: nothingGiven });
    try {
      expect(Date.now() - began).toBeLessThan(20_000);
      expect(second.kafkaBrokers).not.toBe(first.kafkaBrokers);
      expect(await topicsOf(second.kafkaBrokers)).toContain('kept');
      const registry = second.schemaRegistryUrl;
      expect([await registerSchema(registry, 'A'), await registerSchema(registry, 'B')]).toEqual(ids);
    } finally {
      await second.stop();
    }
  });

  it('the database may have large pages in memory: it stood still where one grew', async () => {
    const stack = await startStack({ dataDir, env: nothingGiven, only: ['mongodb'] });
    await stack.stop();
    const made = await readFile(join(dataDir, 'mongodb', 'WiredTigerLog.0000000001'), 'latin1');
    expect(/memory_page_max=128MB/.test(made)).toBe(true);
  });

  it('a part whose address is given is not started', async () => {
    const given = { KAFKA_BROKERS: 'a:1', SCHEMA_REGISTRY_URL: 'http://b:2', MONGODB_URI: 'mongodb://c:3' };
    const stack = await startStack({ dataDir, env: given });
    expect(stack).toMatchObject({ kafkaBrokers: 'a:1', schemaRegistryUrl: 'http://b:2', mongodbUri: 'mongodb://c:3' });
    expect(stack.embedded).toEqual([]);
    await expect(access(join(dataDir, 'logs'))).rejects.toThrow('ENOENT');
  });
});
