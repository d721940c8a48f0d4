import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { readEnvironment } from './environment.ts';
import { kafkaAccess } from './kafka-security.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhook-kafka-security-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, kind: string): string => {
  writeFileSync(join(folder, name), `-----BEGIN ${kind}-----\n${name}\n-----END ${kind}-----\n`);
  return join(folder, name);
};
const CA = file('ca.pem', 'CERTIFICATE');
const CERT = file('cert.pem', 'CERTIFICATE');
const KEY = file('key.pem', 'PRIVATE KEY');

const minimal = {
  KAFKA_BROKERS: 'k1:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8080/apis/ccompat/v7',
  MONGODB_URI: 'mongodb://db/webhooks',
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
};
const access = (env: Record<string, string>) => kafkaAccess(readEnvironment({ ...minimal, ...env }));
const OAUTH = {
  KAFKA_SASL_MECHANISM: 'oauthbearer',
  KAFKA_OAUTH_TOKEN_URL: 'https://login.example/token',
  KAFKA_OAUTH_CLIENT_ID: 'webhooks',
  KAFKA_OAUTH_CLIENT_SECRET: 's3cret',
};
const SCRAM = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };

describe('how Kafka is reached', () => {
  it('is in the clear when nothing is said', () => {
    expect(access({})).toEqual({ brokers: ['k1:9092'], tls: undefined, sasl: undefined });
  });

  it('is by TLS, with an authority and a certificate of its own or without', () => {
    expect(access({ KAFKA_TLS: 'true' }).tls).toEqual({ ca: undefined, cert: undefined, key: undefined });
    const files = { KAFKA_CA_FILE: CA, KAFKA_CERT_FILE: CERT, KAFKA_KEY_FILE: KEY };
    expect(access({ KAFKA_TLS: 'true', ...files }).tls).toEqual({
      ca: expect.stringContaining('ca.pem'),
      cert: expect.stringContaining('cert.pem'),
      key: expect.stringContaining('key.pem'),
    });
  });

  it('is with a password or with tokens', () => {
    expect(access(SCRAM).sasl).toEqual({ mechanism: 'scram-sha-512', username: 'u', password: 'p' });
    expect(access({ ...OAUTH, KAFKA_OAUTH_SCOPE: 'kafka' }).sasl).toEqual({
      mechanism: 'oauthbearer',
      tokenUrl: 'https://login.example/token',
      clientId: 'webhooks',
      clientSecret: 's3cret',
      scope: 'kafka',
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['an authority without TLS', { KAFKA_CA_FILE: CA }, 'KAFKA_CA_FILE: has no effect without KAFKA_TLS=true'],
    [
      'a certificate without a key',
      { KAFKA_TLS: 'true', KAFKA_CERT_FILE: CERT },
      'KAFKA_KEY_FILE: is needed with KAFKA_CERT_FILE',
    ],
    [
      'a key without a certificate',
      { KAFKA_TLS: 'true', KAFKA_KEY_FILE: KEY },
      'KAFKA_CERT_FILE: is needed with KAFKA_KEY_FILE',
    ],
    [
      'a key that is none',
      { KAFKA_TLS: 'true', KAFKA_CERT_FILE: CERT, KAFKA_KEY_FILE: CERT },
      'holds no PEM private key',
    ],
    ['a file that is not there', { KAFKA_TLS: 'true', KAFKA_CA_FILE: '/nowhere.pem' }, '/nowhere.pem cannot be read'],
    ['an unknown mechanism', { KAFKA_SASL_MECHANISM: 'gssapi' }, 'KAFKA_SASL_MECHANISM: must be one of plain,'],
    [
      'a user without a password',
      { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' },
      'KAFKA_SASL_PASSWORD: is needed with KAFKA_SASL_MECHANISM=plain',
    ],
    [
      'a password without a mechanism',
      { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' },
      'KAFKA_SASL_USERNAME: has no effect without KAFKA_SASL_MECHANISM',
    ],
    [
      'tokens from nowhere',
      { ...OAUTH, KAFKA_OAUTH_TOKEN_URL: '' },
      'KAFKA_OAUTH_TOKEN_URL: is needed with KAFKA_SASL_MECHANISM=oauthbearer',
    ],
    [
      'a password where tokens are used',
      { ...OAUTH, KAFKA_SASL_PASSWORD: 'p' },
      'KAFKA_SASL_PASSWORD: has no effect without KAFKA_SASL_MECHANISM=plain, scram-sha-256 or scram-sha-512',
    ],
    [
      'a scope where a password is used',
      { ...SCRAM, KAFKA_OAUTH_SCOPE: 'kafka' },
      'KAFKA_OAUTH_SCOPE: has no effect without KAFKA_SASL_MECHANISM=oauthbearer',
    ],
  ])('is refused for %s', (_name, env, message) => {
    expect(() => access(env)).toThrow(message);
  });
});
