import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import avsc from 'avsc';
import { loadCatalogue } from './catalogue.ts';
import { EventCodec } from './codec.ts';
import { fromJson } from './from-json.ts';
import { sampleEvent } from './sample.ts';
import type { JsonValue } from './schema-json.ts';
import type { SchemaLookup } from './schema-lookup.ts';
import type { WriterSchemas } from './schema-readers.ts';
import { wireValue } from './wire-format.ts';
import { writerSchemaOptions } from './writer-schema.ts';

const STRINGS = ['id', 'type', 'resource_type', 'customer_id', 'tm_create'];

/** Schemas by id, in place of the registry; what has no entry is answered with `otherwise`. */
class ListedSchemas implements WriterSchemas {
  readonly lookups = new Map<number, SchemaLookup>();
  asked = 0;
  otherwise: SchemaLookup = { kind: 'unknown', message: 'the schema registry has no such schema' };

  add(id: number, schema: JsonValue): avsc.Type {
    const definition: avsc.schema.AvroSchema = JSON.parse(JSON.stringify(schema));
    const type = avsc.Type.forSchema(definition, writerSchemaOptions());
    this.lookups.set(id, { kind: 'found', type });
    return type;
  }

  async find(schemaId: number): Promise<SchemaLookup> {
    this.asked++;
    return this.lookups.get(schemaId) ?? this.otherwise;
  }
}

function eventSchema(fields: readonly JsonValue[] = [], dataFields: readonly JsonValue[] = []): JsonValue {
  const data = { type: 'record', name: 'Data', fields: [{ name: 'id', type: 'string' }, ...dataFields] };
  return {
    type: 'record',
    name: 'Event',
    fields: [...fields, ...STRINGS.map((name) => ({ name, type: 'string' })), { name: 'data', type: data }],
  };
}

const values = { id: 'e1', type: 't', resource_type: 'r', customer_id: 'c', tm_create: '2026', data: { id: 'd1' } };

describe('EventCodec', () => {
  let schemas: ListedSchemas;
  let now: number;
  let codec: EventCodec;

  beforeEach(() => {
    schemas = new ListedSchemas();
    now = 0;
    codec = new EventCodec(schemas, { now: () => now });
  });

  it('decodes an event, with the body in the promised order', async () => {
    const type = schemas.add(1, eventSchema());
    const result = await codec.decode(wireValue(1, type.toBuffer(values)));
    expect(result).toMatchObject({
      kind: 'event',
      event: { id: 'e1', type: 't', resourceType: 'r', customerId: 'c', tmCreate: '2026', resourceId: 'd1' },
    });
    expect(result.kind === 'event' && result.event.body.toString()).toBe(
      '{"id":"e1","type":"t","resource_type":"r","tm_create":"2026","data":{"id":"d1"}}',
    );
  });

  it('answers at once when the schema is known, and asks for it once', async () => {
    const type = schemas.add(1, eventSchema());
    const value = wireValue(1, type.toBuffer(values));
    const first = codec.decode(value);
    const second = codec.decode(value);
    expect([first, second]).toEqual([expect.any(Promise), expect.any(Promise)]);
    await first;
    await second;
    expect(codec.decode(value)).toMatchObject({ kind: 'event' });
    expect(schemas.asked).toBe(1);
  });

  it('delivers what a producer added, anywhere', async () => {
    const extra = { name: 'trace', type: { type: 'map', values: 'long' } };
    const type = schemas.add(7, eventSchema([extra], [{ name: 'added', type: ['null', 'double'] }]));
    const value = type.toBuffer({ ...values, trace: { a: 1 }, data: { id: 'd1', added: { double: 0.5 } } });
    const result = await codec.decode(wireValue(7, value));
    expect(result.kind === 'event' && result.event.body.toString()).toContain('"data":{"id":"d1","added":0.5}}');
  });

  it('accepts envelope strings in a union or an enum, and data without an id', async () => {
    const type = schemas.add(1, {
      type: 'record',
      name: 'Event',
      fields: [
        { name: 'data', type: ['null', { type: 'record', name: 'Data', fields: [{ name: 'id', type: 'long' }] }] },
        { name: 'type', type: { type: 'enum', name: 'Type', symbols: ['a_created', 'a_deleted'] } },
        ...['id', 'resource_type', 'customer_id', 'tm_create'].map((name) => ({
          name,
          type: ['null', 'int', 'string'],
        })),
      ],
    });
    const text = { string: 'x' };
    const row = { id: text, resource_type: text, customer_id: text, tm_create: text };
    const value = type.toBuffer({ ...row, type: 'a_deleted', data: { Data: { id: 5 } } });
    const result = await codec.decode(wireValue(1, value));
    expect(result).toMatchObject({ event: { id: 'x', type: 'a_deleted', resourceId: '' } });
    expect(result.kind === 'event' && result.event.body.toString()).toMatch(/"data":\{"id":5\}\}$/);
    const nulled = type.toBuffer({ ...row, customer_id: null, tm_create: { int: 4 }, type: 'a_deleted', data: null });
    expect(codec.decode(wireValue(1, nulled))).toEqual({
      kind: 'rejected',
      reason: 'missing_field',
      message: 'the event\'s "customer_id", "tm_create" are null or empty',
    });
  });

  it('names the envelope fields that a schema lacks', async () => {
    const fields = [{ name: 'id', type: 'long' }, ...STRINGS.slice(1).map((name) => ({ name, type: 'string' }))];
    schemas.add(1, { type: 'record', name: 'Other', fields });
    schemas.add(2, 'string');
    expect(await codec.decode(wireValue(1, Buffer.alloc(0)))).toMatchObject({
      reason: 'missing_field',
      message: 'the record "Other" has no usable envelope field "id", "data"',
    });
    expect(await codec.decode(wireValue(2, Buffer.alloc(1)))).toMatchObject({ reason: 'missing_field' });
  });

  it('rejects what is not in the wire format', () => {
    for (const value of [Buffer.alloc(0), Buffer.alloc(4), Buffer.from('{"id":"1"}')]) {
      expect(codec.decode(value)).toMatchObject({ kind: 'rejected', reason: 'not_avro' });
    }
  });

  it('rejects a truncated value and one with bytes behind it, whichever byte is cut', async () => {
    const type = schemas.add(1, eventSchema([], [{ name: 'n', type: 'double' }]));
    const value = wireValue(1, type.toBuffer({ ...values, data: { id: 'd1', n: 1 } }));
    expect(await codec.decode(value)).toMatchObject({ kind: 'event' });
    for (let length = 5; length < value.length; length++) {
      expect(codec.decode(value.subarray(0, length))).toMatchObject({ reason: 'undecodable' });
    }
    expect(codec.decode(Buffer.concat([value, Buffer.alloc(1)]))).toMatchObject({
      reason: 'undecodable',
      message: "1 bytes follow the record's end",
    });
  });

  it('asks again for an unknown schema after a second, not before', async () => {
    const type = schemas.add(2, eventSchema());
    const value = wireValue(1, type.toBuffer(values));
    expect(await codec.decode(value)).toMatchObject({ kind: 'rejected', reason: 'unknown_schema' });
    now = 999;
    expect(codec.decode(value)).toMatchObject({ reason: 'unknown_schema' });
    expect(schemas.asked).toBe(1);
    now = 1_000;
    schemas.add(1, eventSchema());
    expect(await codec.decode(value)).toMatchObject({ kind: 'event' });
  });

  it('says unavailable while the registry is away, for a second without asking, and for that schema alone', async () => {
    const type = schemas.add(2, eventSchema());
    const cause = new Error('away');
    schemas.otherwise = { kind: 'unavailable', cause };
    const value = wireValue(1, type.toBuffer(values));
    expect(await codec.decode(value)).toEqual({ kind: 'unavailable', cause });
    expect(codec.decode(value)).toEqual({ kind: 'unavailable', cause });
    expect(await codec.decode(wireValue(2, type.toBuffer(values)))).toMatchObject({ kind: 'event' });
    now = 1_000;
    schemas.add(1, eventSchema());
    expect(await codec.decode(value)).toMatchObject({ kind: 'event' });
  });

  it("leaves out, and keeps, exactly the nulls of the catalogue's schemas", async () => {
    const catalogue = loadCatalogue(join(import.meta.dirname, '../../../schemas'));
    const entry = catalogue.resourceTypes.get('conference');
    if (!entry) throw new Error('the catalogue has no conference');
    schemas.add(1, entry.schema);
    const sample = sampleEvent(catalogue, 'conference_created', { id: 'e', customerId: 'c', now: 0 });
    const converted = fromJson(entry, { ...sample, data: { id: 'x', data: { n: [1, 2.5, { deep: null }] } } });
    if (!converted.ok) throw new Error(JSON.stringify(converted.details));
    const result = await codec.decode(wireValue(1, entry.avroType.toBuffer(converted.value)));
    const zeros = '00000000-0000-0000-0000-000000000000';
    const data = `"data":{"id":"x","customer_id":"${zeros}","data":{"n":[1,2.5,{"deep":null}]},"pre_flow_id":"${zeros}","post_flow_id":"${zeros}"`;
    const rest = `"recording_id":"${zeros}","transcribe_id":"${zeros}","direct_hash":"","tm_end":null,"tm_create":null,"tm_update":null,"tm_delete":null}}`;
    expect(result.kind === 'event' && result.event.body.toString()).toContain(`${data},${rest}`);
  });
});
