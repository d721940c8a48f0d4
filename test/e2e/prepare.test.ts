import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { root } from '../../deploy/local/places.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { World } from '../support/world/world.ts';

const PROGRAM = join(root, 'dist/apps/config/src/prepare.js');

let world: World;

beforeAll(async () => {
  world = await World.open({ LOG_LEVEL: 'info' }, []);
});
afterAll(() => world.close());

async function prepare(settings: NodeJS.ProcessEnv = {}): Promise<{ code: unknown; output: string }> {
  const child = spawn(process.execPath, [PROGRAM], { env: { ...world.env, ...settings } });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, output: output + errors };
}

async function topics(): Promise<string[]> {
  const admin = world.kafka.admin();
  await admin.connect();
  try {
    return (await admin.listTopics()).filter((name) => name.startsWith(world.prefix));
  } finally {
    await admin.disconnect();
  }
}

describe('the program that prepares an installation', () => {
  it('makes topics, schemas and indexes, tells of each, and may be run again', async () => {
    expect(await topics()).toEqual([]);
    const first = await prepare();
    expect([first.code, first.output.match(/"step":"\w+"/g)]).toEqual([
      0,
      ['"step":"topics"', '"step":"schemas"', '"step":"indexes"'],
    ]);
    const made = await topics();
    expect(made).toContain(`${world.prefix}resource-events`);
    expect(made).toContain(`${world.prefix}webhook-retry-1s`);
    expect(await prepare()).toMatchObject({ code: 0 });
    expect((await topics()).toSorted()).toEqual(made.toSorted());
  });

  it('ends with 1 and says what is away', async () => {
    const { code, output } = await prepare({ MONGODB_URI: `mongodb://127.0.0.1:${await freePort()}/none` });
    expect([code, output]).toEqual([1, expect.stringMatching(/prepare failed: .*MongoDB/)]);
  });

  it('ends with 1 and the setting that is wrong', async () => {
    const { code, output } = await prepare({ KAFKA_BROKERS: 'nonsense' });
    expect([code, output]).toEqual([1, expect.stringContaining('KAFKA_BROKERS: "nonsense" is not host:port')]);
  });

  it('ends at once when it is told to', async () => {
    const child = spawn(process.execPath, [PROGRAM], {
      env: { ...world.env, KAFKA_BROKERS: `127.0.0.1:${await freePort()}`, LOG_LEVEL: 'debug' },
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
  });
});
