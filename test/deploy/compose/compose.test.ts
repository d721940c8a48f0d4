import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { CLOSE_GRACE_MS, type Environment, readEnvironment, SETTINGS } from '#libs/runtime';

import { kafkaProgram } from '../../../deploy/local/install/kafka.ts';
import { registryProgram } from '../../../deploy/local/install/registry.ts';
import { root } from '../../../deploy/local/places.ts';
import { COMPOSE_FILE, type ComposeFile, composeFile, type Service } from './compose-file.ts';

const APPS = ['config', 'delivery', 'retry', 'ledger'];
const OURS = [...APPS, 'prepare'];
const SECRETS = { SECRETS_KEY: randomBytes(32).toString('base64'), OPERATOR_KEY: randomBytes(24).toString('hex') };

let file: ComposeFile;
const service = (name: string): Service => {
  const found = file.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

beforeAll(async () => {
  file = await composeFile(COMPOSE_FILE, SECRETS);
});

/** What an app makes of its variables, besides what the image sets. */
function environmentOf(name: string): Environment {
  const given = Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, String(value ?? '')]);
  return readEnvironment(Object.fromEntries(given));
}

/** The file with a text replaced by another, everywhere. */
async function changed(before: string, after: string): Promise<ComposeFile> {
  const folder = await mkdtemp(join(tmpdir(), 'webhook-compose-'));
  try {
    const text = await readFile(COMPOSE_FILE, 'utf8');
    expect(text).toContain(before);
    const copy = join(folder, 'compose.yaml');
    await writeFile(copy, text.replaceAll(before, after));
    return await composeFile(copy, SECRETS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What services refer to that is not there. */
function dangling({ services, volumes, configs, networks }: ComposeFile): string[] {
  const absent = (names: readonly string[], there: object): string[] => names.filter((name) => !(name in there));
  return Object.values(services).flatMap((given) => [
    ...absent(Object.keys(given.depends_on ?? {}), services),
    ...absent(
      (given.volumes ?? []).flatMap(({ type, source }) => (type === 'volume' ? source : [])),
      volumes,
    ),
    ...absent(
      (given.configs ?? []).map(({ source }) => source),
      configs,
    ),
    ...absent(Object.keys(given.networks ?? {}), networks),
  ]);
}

describe('deploy/compose.yaml', () => {
  it.each(Object.keys(SECRETS))('wants %s to be made, instead of having one', async (name) => {
    await expect(composeFile(COMPOSE_FILE, { ...SECRETS, [name]: '' })).rejects.toThrow(`${name}: see the head`);
  });

  it('names nothing that it does not have', () => {
    expect(dangling(file)).toEqual([]);
  });

  it.each([
    ['a service with an unknown field', 'read_only: true', 'readonly: true', 'readonly'],
    ['a condition that does not exist', 'service_completed_successfully', 'service_done', '.condition value must be'],
  ])('would be refused with %s', async (_, before, after, complaint) => {
    await expect(changed(before, after)).rejects.toThrow(complaint);
  });

  it.each([
    ['a service', 'prepare: {', 'prepared: {', 'prepared'],
    ['a volume', 'mongodb:/data/db', 'mongo:/data/db', 'mongo'],
    ['a network', 'networks: [webhooks]', 'networks: [hooks]', 'hooks'],
  ])('would be noticed to name %s that it does not have', async (_, before, after, name) => {
    expect(dangling(await changed(before, after))).toContain(name);
  });

  it.each(OURS)('gives %s settings that the apps know, with values that they take', (name) => {
    expect(Object.keys(service(name).environment ?? {}).filter((key) => !SETTINGS.includes(key))).toEqual([]);
    const environment = environmentOf(name);
    expect(environment.OPERATOR_KEY).toBe(name === 'config' ? SECRETS.OPERATOR_KEY : undefined);
    expect([environment.TOPIC_REPLICATION, environment.TOPIC_MIN_INSYNC_REPLICAS]).toEqual([1, 1]);
  });

  it('sends the apps to where the stores are', () => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, MONGODB_URI } = environmentOf('delivery');
    const kafka = service('kafka').environment ?? {};
    expect(String(kafka['KAFKA_ADVERTISED_LISTENERS'])).toContain(`INSIDE://${KAFKA_BROKERS.join()}`);
    expect(service('registry').environment).toMatchObject({
      APICURIO_STORAGE_KIND: 'kafkasql',
      APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: KAFKA_BROKERS.join(),
    });
    expect(SCHEMA_REGISTRY_URL).toBe('http://registry:8080/apis/ccompat/v7');
    const set = /replicaSet=(\w+)/.exec(MONGODB_URI)?.[1];
    expect(service('mongodb').command).toEqual(expect.arrayContaining(['--replSet', set]));
    expect(service('mongodb-set').command?.join(' ')).toContain(
      `_id: '${set}', members: [{ _id: 0, host: 'mongodb:27017' }]`,
    );
  });

  it('publishes the outer listener of Kafka where it says that it is', () => {
    const outside = /OUTSIDE:\/\/127\.0\.0\.1:(\d+)/.exec(
      String(service('kafka').environment?.['KAFKA_ADVERTISED_LISTENERS']),
    )?.[1];
    expect(service('kafka').ports).toEqual([
      expect.objectContaining({ host_ip: '127.0.0.1', published: outside, target: Number(outside) }),
    ]);
  });

  it('prepares the installation before an app starts, and has the stores before that', () => {
    for (const app of APPS) {
      expect(service(app).depends_on?.['prepare']?.condition).toBe('service_completed_successfully');
    }
    expect(service('prepare').depends_on).toMatchObject({
      kafka: { condition: 'service_healthy' },
      registry: { condition: 'service_healthy' },
      'mongodb-set': { condition: 'service_completed_successfully' },
    });
  });

  it.each(OURS)('runs %s from the image, without a right that it does not need', (name) => {
    const { build, command, read_only, cap_drop, security_opt } = service(name);
    expect(build).toEqual({ context: root, dockerfile: 'deploy/Dockerfile' });
    const source = command?.[0]?.replace(/^dist\//, '').replace(/\.js$/, '.ts') ?? '';
    expect(existsSync(join(root, source))).toBe(true);
    expect([read_only, cap_drop, security_opt]).toEqual([true, ['ALL'], ['no-new-privileges:true']]);
  });

  it.each(APPS)('gives %s the time that it takes to finish', (name) => {
    const seconds = Number.parseInt(service(name).stop_grace_period ?? '10s', 10);
    expect(seconds * 1_000).toBeGreaterThan(environmentOf(name).DRAIN_LIMIT_MS + CLOSE_GRACE_MS);
  });

  it('has the versions that the tests run against, and no image without one', () => {
    expect(service('kafka').image).toBe(`apache/kafka:${kafkaProgram.version}`);
    expect(service('registry').image).toBe(`apicurio/apicurio-registry:${registryProgram.version}`);
    const images = Object.values(file.services).map(({ image }) => image);
    expect(images.filter((image) => !/:(?!latest$)[\w.-]+$/.test(image))).toEqual([]);
  });

  it('is reached from this machine only', () => {
    const published = Object.values(file.services).flatMap(({ ports = [] }) => ports);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  });

  it('keeps what has to outlive its containers', () => {
    for (const [name, target] of [
      ['kafka', service('kafka').environment?.['KAFKA_LOG_DIRS']],
      ['mongodb', '/data/db'],
    ] as const) {
      expect(service(name).volumes).toContainEqual(expect.objectContaining({ type: 'volume', target }));
    }
  });
});
