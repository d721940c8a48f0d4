import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import avsc from 'avsc';
import {
  ATTEMPT_ERRORS,
  ATTEMPT_RESULTS,
  type AttemptRecord,
  HOLD_REASONS,
  NEXT_STEPS,
  SKIP_REASONS,
  systemClock,
} from '#libs/domain';

import { listen } from '../../../test/support/listen.ts';
import { AttemptRecordCodec } from './attempt-record-codec.ts';
import { readInternalSchema } from './schema-folder.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './schema-json.ts';
import type { SchemaLookup } from './schema-lookup.ts';
import { wireValue } from './wire-format.ts';
import { writerSchemaOptions } from './writer-schema.ts';

const schema = readInternalSchema(join(import.meta.dirname, '../../../schemas'), 'webhook_attempt');
const ID = 7;

const bare: AttemptRecord = {
  id: '01a21089-6de5-7e94-8bcd-b04945f96686',
  webhookId: 'w-1',
  customerId: 'c-1',
  eventId: 'e-1 ☎',
  eventType: 'call_hangup',
  resourceType: 'call',
  originPartition: 23,
  originOffset: 2 ** 52,
  attempt: 0,
  outcome: 'held',
  reason: undefined,
  message: undefined,
  at: 1_795_000_000_123,
  timing: { totalMs: 0 },
  status: undefined,
  excerpt: undefined,
  next: 'none',
  nextTier: undefined,
  nextAt: undefined,
  nextReason: undefined,
  replayId: undefined,
};
const full: AttemptRecord = {
  ...bare,
  attempt: 3,
  outcome: 'failed',
  reason: 'http_status',
  message: 'the endpoint answered 503',
  timing: { totalMs: 12.345, dnsMs: 1.5, connectMs: 2.25, tlsMs: 3.125, firstByteMs: 12.345 },
  status: 503,
  excerpt: Buffer.from([0, 0xff, 0x80, 0x0a]),
  next: 'retry',
  nextTier: '30s',
  nextAt: 1_795_000_030_123,
  nextReason: 'schedule_used_up',
  replayId: 'r-1',
};

let registry: Server;
let base: string;
let answers = 200;
let asked = 0;

/** As the client of the registry compiles it. */
function compiledAsWriter(written: JsonObject): avsc.Type {
  const definition: avsc.schema.AvroSchema = JSON.parse(JSON.stringify(written));
  return avsc.Type.forSchema(definition, writerSchemaOptions());
}

function codecWith(
  given: { reader?: JsonObject; writer?: JsonObject; lookup?: SchemaLookup } = {},
): AttemptRecordCodec {
  const lookup = given.lookup ?? { kind: 'found', type: compiledAsWriter(given.writer ?? schema) };
  return new AttemptRecordCodec({
    schema: given.reader ?? schema,
    registry: { base },
    writerSchemas: { find: async () => lookup },
    clock: systemClock,
  });
}

async function encoded(record: AttemptRecord): Promise<Buffer> {
  const codec = codecWith();
  await codec.ready();
  return codec.encode(record);
}

function fieldsOf({ fields }: JsonObject): readonly JsonValue[] {
  return isJsonArray(fields) ? fields : [];
}

function nameOf(field: JsonValue): string {
  return isJsonObject(field) && typeof field['name'] === 'string' ? field['name'] : '';
}

function without(...names: string[]): JsonObject {
  return { ...schema, fields: fieldsOf(schema).filter((field) => !names.includes(nameOf(field))) };
}

/** A value as a writer with this schema makes it; unions carry their branch. */
function written(writer: JsonObject, changes: Record<string, unknown>): Buffer {
  const row: Record<string, unknown> = {
    id: 'i',
    webhook_id: 'w',
    customer_id: 'c',
    event_id: 'e',
    event_type: 't',
    resource_type: 'r',
    origin_partition: 1,
    origin_offset: 2,
    attempt: 1,
    outcome: 'delivered',
    at: 3,
    total_ms: 4,
    next: 'none',
  };
  for (const field of fieldsOf(writer)) row[nameOf(field)] ??= null;
  return wireValue(ID, compiledAsWriter(writer).toBuffer({ ...row, ...changes }));
}

beforeAll(async () => {
  registry = createServer((request, response) => {
    asked += 1;
    request.resume().on('end', () => response.writeHead(answers).end(JSON.stringify({ id: ID })));
  });
  base = `http://127.0.0.1:${await listen(registry)}`;
});
afterAll(() => void registry.close());

describe('AttemptRecordCodec', () => {
  it.each([
    ['with nothing that can be left out', bare],
    ['with everything', full],
    ['with an empty excerpt and a time of 0', { ...full, excerpt: Buffer.alloc(0), timing: { totalMs: 0, dnsMs: 0 } }],
    ['with a long excerpt and message', { ...full, excerpt: Buffer.alloc(1_024, 'é'), message: '☎'.repeat(5_000) }],
  ])('carries a record %s', async (_name, record) => {
    expect(await codecWith().decode(await encoded(record))).toEqual({ kind: 'record', record });
  });

  it('carries every outcome, reason and next step', async () => {
    for (const outcome of ATTEMPT_RESULTS) {
      for (const next of NEXT_STEPS) {
        for (const reason of [undefined, ...ATTEMPT_ERRORS, ...HOLD_REASONS, ...SKIP_REASONS]) {
          const record = { ...bare, outcome, next, reason };
          expect(await codecWith().decode(await encoded(record))).toEqual({ kind: 'record', record });
        }
      }
    }
  });

  it('keeps records apart that were encoded one after the other', async () => {
    const codec = codecWith();
    await codec.ready();
    const values = [codec.encode(bare), codec.encode(full)];
    expect(await codec.decode(values[0]!)).toEqual({ kind: 'record', record: bare });
    expect(await codec.decode(values[1]!)).toEqual({ kind: 'record', record: full });
  });

  it('reads what a newer writer wrote, without the fields it does not know', async () => {
    const writer = {
      ...schema,
      fields: [{ name: 'region', type: 'string', default: '' }, ...fieldsOf(schema)],
    };
    const value = written(writer, { region: 'kr', reason: { string: 'a_new_reason' }, dns_ms: { double: 1.5 } });
    expect(await codecWith({ writer }).decode(value)).toMatchObject({
      kind: 'record',
      record: { id: 'i', reason: 'a_new_reason', timing: { totalMs: 4, dnsMs: 1.5 } },
    });
  });

  it('reads what an older writer wrote, with nothing where it had no field', async () => {
    const writer = without('replay_id', 'next_at', 'total_ms', 'next', 'response_excerpt', 'tls_ms');
    const value = written(writer, { status: { int: 200 } });
    expect(await codecWith({ writer }).decode(value)).toMatchObject({
      kind: 'record',
      record: {
        status: 200,
        replayId: undefined,
        nextAt: undefined,
        excerpt: undefined,
        timing: { totalMs: 0 },
        next: 'none',
      },
    });
  });

  it.each<[string, () => Buffer, string]>([
    ['that is not in the wire format', () => Buffer.from('{}'), 'not_avro'],
    ['that breaks off', () => written(schema, {}).subarray(0, 20), 'undecodable'],
    ['that goes on after its end', () => Buffer.concat([written(schema, {}), Buffer.alloc(1)]), 'undecodable'],
    ['of an unknown outcome', () => written(schema, { outcome: 'lost' }), 'undecodable'],
    ['with an unknown next step', () => written(schema, { next: 'later' }), 'undecodable'],
  ])('rejects a value %s', async (_name, value, reason) => {
    expect(await codecWith().decode(value())).toMatchObject({ kind: 'rejected', reason });
  });

  it('rejects records of another kind, and says when the registry is away', async () => {
    const value = written(schema, {});
    const writer = without('webhook_id');
    expect(await codecWith({ writer }).decode(value)).toMatchObject({ kind: 'rejected', reason: 'unsupported_schema' });
    const away = { kind: 'unavailable' as const, cause: new Error('away') };
    expect(await codecWith({ lookup: away }).decode(value)).toEqual(away);
  });

  it('encodes only once its schema is registered, which can be tried again', async () => {
    const codec = codecWith();
    expect(() => codec.encode(bare)).toThrow(expect.objectContaining({ code: 'ATTEMPT_SCHEMA_NOT_REGISTERED' }));
    answers = 500;
    await expect(codec.ready()).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' });
    expect(() => codec.encode(bare)).toThrow();
    answers = 200;
    const before = asked;
    await Promise.all([codec.ready(), codec.ready()]);
    await codec.ready();
    expect(asked).toBe(before + 1);
    expect(codec.encode(bare).readUInt32BE(1)).toBe(ID);
  });
});
