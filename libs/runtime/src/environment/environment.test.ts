import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#libs/domain';

import { readEnvironment, SETTINGS } from './environment.ts';

const minimal = {
  KAFKA_BROKERS: 'k1:9092, k2:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8080/apis/ccompat/v7',
  MONGODB_URI: 'mongodb://db/webhooks',
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
};

function problemWith(env: Record<string, string>): string {
  try {
    readEnvironment({ ...minimal, ...env });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
}

describe('readEnvironment', () => {
  it('fills in what is not set', () => {
    const environment = readEnvironment(minimal);
    expect(environment.KAFKA_BROKERS).toEqual(['k1:9092', 'k2:9092']);
    expect(environment.DELIVERY_TIMEOUT_MS).toBe(5_000);
    expect(environment.RETRY_SCHEDULE.tiers.map(({ name }) => name)).toEqual([
      '5s',
      '30s',
      '2m',
      '15m',
      '1h',
      '6h',
      '24h',
    ]);
    expect(environment.EVENT_RETENTION).toBe(604_800_000);
    expect(environment.ATTEMPT_KEEP).toBe(2_592_000_000);
    expect(environment.DISABLE_AFTER).toBe(432_000_000);
    expect(environment.ALLOWED_NETWORKS).toEqual([]);
    expect(environment.ALLOWED_PORTS).toEqual([]);
    expect(environment.DNS_SERVERS).toEqual([]);
    expect(environment.OTEL_TRACES_SAMPLER_ARG).toBe(0.01);
  });

  it('names every variable that is missing at once', () => {
    expect(() => readEnvironment({})).toThrow(ConfigurationError);
    for (const name of Object.keys(minimal)) expect(() => readEnvironment({})).toThrow(`${name} is not set`);
  });

  it.each([
    ['KAFKA_BROKERS', 'kafka', '"kafka" is not host:port'],
    ['SCHEMA_REGISTRY_URL', 'registry:8080', 'absolute URL'],
    ['MONGODB_URI', 'http://db', 'must start with mongodb://'],
    ['SECRETS_KEY', 'short', 'base64 of exactly 32 bytes'],
    ['OPERATOR_KEY', 'short', 'at least 16 characters'],
    ['HTTP_PORT', '70000', 'between 0 and 65535'],
    ['LOG_LEVEL', 'loud', 'must be one of'],
    ['ATTEMPT_LOG', 'some', 'must be one of all, failed, none'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'absolute URL'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '1%', 'a number from 0 to 1'],
    ['RETRY_SCHEDULE', '5s,soon', '"soon" is not a delay'],
    ['DELIVERY_TIMEOUT_MS', '5s', 'whole number'],
    ['ALLOWED_NETWORKS', '10.0.0.0', 'not an address range'],
    ['ALLOWED_PORTS', '80,https', '"https" is not a port'],
    ['ALLOWED_PORTS', '0', '"0" is not a port'],
    ['ALLOWED_PORTS', '65536', '"65536" is not a port'],
    ['DNS_SERVERS', '10.0.0.53,dns.example', '"dns.example" is not the address of a name server'],
    ['DNS_SERVERS', '10.0.0.53:99999', 'not the address of a name server'],
    ['ALLOW_HTTP_ENDPOINTS', 'yes', 'true or false'],
    ['EXTRA_CA_FILE', '/nowhere/ca.pem', 'cannot be read'],
    ['EVENT_RETENTION', 'a week', 'not a duration'],
    ['REPLAY_RATE', '0', 'between 1 and 100000'],
    ['ATTEMPT_KEEP', '30', 'not a duration'],
    ['DISABLE_AFTER', '5 tage', 'not a duration'],
  ])('%s=%s is refused with the remedy', (name, value, message) => {
    const problem = problemWith({ [name]: value });
    expect(problem).toContain(`${name}: `);
    expect(problem).toContain(message);
  });

  it('reads lists', () => {
    const lists = { ALLOWED_PORTS: '80, 8080', DNS_SERVERS: '10.0.0.53,127.0.0.1:5353, fd00::53,[fd00::53]:5353' };
    expect(readEnvironment({ ...minimal, ...lists })).toMatchObject({
      ALLOWED_PORTS: [80, 8_080],
      DNS_SERVERS: ['10.0.0.53', '127.0.0.1:5353', 'fd00::53', '[fd00::53]:5353'],
    });
  });

  it('has a row for every setting in the page for operators, and no other', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/operators.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(SETTINGS.toSorted());
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readEnvironment({ ...minimal, EXTRA_CA_FILE: '' }).EXTRA_CA_FILE).toBeUndefined();
  });
});
