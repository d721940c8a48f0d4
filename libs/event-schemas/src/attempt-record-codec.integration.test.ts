import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { type AttemptRecord, systemClock } from '#libs/domain';

import { AttemptRecordCodec } from './attempt-record-codec.ts';
import { registryAddress } from './registry-address.ts';
import { RegistryWriterSchemas } from './registry-client.ts';
import { readInternalSchema } from './schema-folder.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './schema-json.ts';

const registry = registryAddress(process.env['SCHEMA_REGISTRY_URL'] ?? '');
const schema = readInternalSchema(join(import.meta.dirname, '../../../schemas'), 'webhook_attempt');
const fields: readonly JsonValue[] = isJsonArray(schema['fields']) ? schema['fields'] : [];

const record: AttemptRecord = {
  id: randomUUID(),
  webhookId: 'w-1',
  customerId: 'c-1',
  eventId: 'e-1',
  eventType: 'call_hangup',
  resourceType: 'call',
  originPartition: 3,
  originOffset: 41,
  attempt: 2,
  outcome: 'failed',
  reason: 'timeout',
  message: 'no answer within 5000 ms',
  at: Date.now(),
  timing: { totalMs: 5_000.5, connectMs: 1.25 },
  status: undefined,
  excerpt: Buffer.from('wait'),
  next: 'retry',
  nextTier: '30s',
  nextAt: Date.now() + 30_000,
  nextReason: undefined,
  replayId: 'r-1',
};

function codecOf(own: JsonObject): AttemptRecordCodec {
  return new AttemptRecordCodec({
    schema: own,
    registry,
    writerSchemas: new RegistryWriterSchemas(registry),
    clock: systemClock,
  });
}

/** Under a subject of its own, so that runs do not meet. */
function variant(name: string, changed: readonly JsonValue[]): JsonObject {
  return { ...schema, name, fields: changed };
}

describe('attempt records and a schema registry', () => {
  it('go through it, from several processes at once', async () => {
    const [one, other] = [codecOf(schema), codecOf(schema)];
    await Promise.all([one.ready(), other.ready()]);
    expect(one.encode(record)).toEqual(other.encode(record));
    expect(await codecOf(schema).decode(one.encode(record))).toEqual({ kind: 'record', record });
  });

  it('are read across versions, in both directions', async () => {
    const name = `WebhookAttempt${randomUUID().replaceAll('-', '')}`;
    const older = codecOf(
      variant(
        name,
        fields.filter((field) => !isJsonObject(field) || field['name'] !== 'replay_id'),
      ),
    );
    const newer = codecOf(variant(name, [...fields, { name: 'region', type: ['null', 'string'], default: null }]));
    await older.ready();
    await newer.ready();
    expect(await older.decode(newer.encode(record))).toMatchObject({ record: { id: record.id, replayId: undefined } });
    expect(await newer.decode(older.encode(record))).toMatchObject({ record: { id: record.id, replayId: undefined } });
  });

  it('do not get a version that the readers there are could not read, nor one that could not read what there is', async () => {
    const name = `WebhookAttempt${randomUUID().replaceAll('-', '')}`;
    await codecOf(variant(name, fields)).ready();
    const narrowed = fields.filter((field) => !isJsonObject(field) || field['name'] !== 'webhook_id');
    await expect(codecOf(variant(name, narrowed)).ready()).rejects.toMatchObject({ code: 'SCHEMA_REFUSED' });
    const demanding = [...fields, { name: 'needed', type: 'string' }];
    await expect(codecOf(variant(name, demanding)).ready()).rejects.toMatchObject({ code: 'SCHEMA_REFUSED' });
  });
});
