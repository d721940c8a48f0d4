import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { encodingType } from './avro-value.ts';
import { Catalogue, loadCatalogue } from './catalogue.ts';
import { EventCodec } from './codec.ts';
import { EventEncoder } from './encoder.ts';
import { fromJson } from './from-json.ts';
import { registryAddress } from './registry-address.ts';
import { RegistryWriterSchemas } from './registry-client.ts';
import { registryRequest } from './registry-request.ts';
import { register, registerAll } from './registration.ts';
import type { ResourceTypeEntry } from './resource-type.ts';
import { sampleEvent } from './sample.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './schema-json.ts';
import { wireValue } from './wire-format.ts';

const address = registryAddress(process.env['SCHEMA_REGISTRY_URL'] ?? '');
const catalogue = loadCatalogue(join(import.meta.dirname, '../../../schemas'));

function codec(): EventCodec {
  return new EventCodec(new RegistryWriterSchemas(address), systemClock);
}

/** The entry of a resource type under a subject of its own, so that tests do not meet; with fields added to its data. */
function variant(name: string, added: readonly JsonValue[] = []): ResourceTypeEntry {
  const entry = catalogue.resourceTypes.get('call');
  if (!entry) throw new Error('the catalogue has no call');
  const { fields } = entry.schema;
  const schema: JsonObject = {
    ...entry.schema,
    name,
    fields: isJsonArray(fields) ? fields.map((field) => withAdded(field, added)) : [],
  };
  return { ...entry, schema, subject: `voipbin.events.${name}`, avroType: encodingType(schema) };
}

function withAdded(field: JsonValue, added: readonly JsonValue[]): JsonValue {
  if (!isJsonObject(field) || field['name'] !== 'data' || !isJsonObject(field['type'])) return field;
  const { fields } = field['type'];
  return { ...field, type: { ...field['type'], fields: [...(isJsonArray(fields) ? fields : []), ...added] } };
}

describe('the catalogue and a schema registry', () => {
  it('registers every schema within seconds, twice with the same ids, from two processes at once', async () => {
    const progress: number[] = [];
    const [one, two] = await Promise.all([
      registerAll(catalogue, address, (done) => progress.push(done)),
      registerAll(catalogue, address),
    ]);
    const ids = (schemas: typeof one.schemas) => new Map(schemas.map(({ subject, id }) => [subject, id]));
    expect(one.schemas).toHaveLength(33);
    expect(progress.at(-1)).toBe(33);
    expect(ids(two.schemas)).toEqual(ids(one.schemas));
    expect(ids((await registerAll(catalogue, address)).schemas)).toEqual(ids(one.schemas));
    expect(one.milliseconds).toBeLessThan(10_000);
  });

  it('carries a sample of every event type from JSON to Avro and back to the same JSON', async () => {
    const encoder = new EventEncoder(catalogue, address);
    encoder.adopt(await registerAll(catalogue, address));
    const decoder = codec();
    for (const { type, resourceType } of catalogue.eventTypes.values()) {
      const sample = sampleEvent(catalogue, type, { id: randomUUID(), customerId: randomUUID(), now: Date.now() });
      const entry = catalogue.resourceTypes.get(resourceType);
      const converted = entry && fromJson(entry, sample);
      if (!converted?.ok) throw new Error(`the sample of ${type} is not valid: ${JSON.stringify(converted?.details)}`);
      const result = await decoder.decode(await encoder.encode(resourceType, converted.value));
      if (result.kind !== 'event') throw new Error(`${type}: ${result.kind}`);
      const { customer_id: customerId, ...body } = sample;
      expect(result.event.customerId).toBe(customerId);
      expect(JSON.parse(result.event.body.toString())).toEqual(body);
    }
  });

  it('keeps the old id after a producer has registered a newer version with an added field', async () => {
    const name = `Call${randomUUID().replaceAll('-', '')}`;
    const ours = variant(name);
    const { id } = await register(ours, address);
    const newer = variant(name, [{ name: 'added', type: 'string' }]);
    const { id: newerId } = await register(newer, address);
    expect(newerId).not.toBe(id);
    expect((await register(ours, address)).id).toBe(id);

    const sample = sampleEvent(catalogue, 'call_hangup', { id: 'e', customerId: 'c', now: 0 });
    const converted = fromJson(newer, { ...sample, data: { id: 'call-1', added: 'new' } });
    if (!converted.ok) throw new Error(JSON.stringify(converted.details));
    const result = await codec().decode(wireValue(newerId, newer.avroType.toBuffer(converted.value)));
    expect(result.kind === 'event' && result.event.body.toString()).toContain('"added":"new"');
  });

  it('refuses a version that takes a field away, and says so', async () => {
    const name = `Call${randomUUID().replaceAll('-', '')}`;
    await register(variant(name, [{ name: 'needed', type: 'string' }]), address);
    await expect(register(variant(name), address)).rejects.toMatchObject({
      code: 'SCHEMA_REFUSED',
      message: expect.stringContaining('remove no field'),
    });
  });

  it('decodes a schema that refers to another one', async () => {
    const suffix = randomUUID().replaceAll('-', '');
    const subject = `test.Place${suffix}`;
    const place = {
      type: 'record',
      namespace: 'test',
      name: `Place${suffix}`,
      fields: [{ name: 'city', type: ['null', 'string'], whenNull: 'omit' }],
    };
    await post(`/subjects/${subject}/versions`, { schema: JSON.stringify(place) });
    const strings = ['id', 'type', 'resource_type', 'customer_id', 'tm_create'].map((name) => ({
      name,
      type: 'string',
    }));
    const fields = [...strings, { name: 'data', type: subject }, { name: 'more', type: ['null', subject] }];
    const event = { type: 'record', namespace: 'test', name: `PlaceEvent${suffix}`, fields };
    const references = [{ name: subject, subject, version: 1 }];
    const id = await post(`/subjects/test.PlaceEvent${suffix}/versions`, { schema: JSON.stringify(event), references });
    const inlined = {
      ...event,
      fields: [...strings, { name: 'data', type: place }, { name: 'more', type: ['null', subject] }],
    };
    const value = {
      id: 'e',
      type: 't',
      resource_type: 'r',
      customer_id: 'c',
      tm_create: 'x',
      data: { city: null },
      more: null,
    };
    const result = await codec().decode(wireValue(id, encodingType(inlined).toBuffer(value)));
    expect(result.kind === 'event' && result.event.body.toString()).toBe(
      '{"id":"e","type":"t","resource_type":"r","tm_create":"x","data":{}}',
    );
  });

  it('rejects an id that the registry does not know', async () => {
    expect(await codec().decode(wireValue(2_000_000_000, Buffer.alloc(1)))).toMatchObject({ reason: 'unknown_schema' });
  });

  it('registers a schema on the first encode when nothing was adopted', async () => {
    const encoder = new EventEncoder(new Catalogue(catalogue.resourceTypes.values()), address);
    const entry = catalogue.resourceTypes.get('agent');
    const sample = sampleEvent(catalogue, 'agent_created', { id: 'e', customerId: 'c', now: 0 });
    const converted = entry && fromJson(entry, sample);
    if (!converted?.ok) throw new Error('the sample is not valid');
    const first = encoder.encode('agent', converted.value);
    expect(first).toBeInstanceOf(Promise);
    const encoded = await first;
    expect(encoder.encode('agent', converted.value)).toEqual(encoded);
  });
});

async function post(path: string, json: JsonObject): Promise<number> {
  const { status, body } = await registryRequest(address, 'POST', path, { json });
  if (!isJsonObject(body) || typeof body['id'] !== 'number')
    throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  return body['id'];
}
