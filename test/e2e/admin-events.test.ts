import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { EventCodec, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';

import { World } from '../support/world/world.ts';

let world: World;
let codec: EventCodec;

beforeAll(async () => {
  world = await World.open({}, ['config']);
  codec = new EventCodec(
    new RegistryWriterSchemas(registryAddress(world.env['SCHEMA_REGISTRY_URL'] ?? '')),
    systemClock,
  );
});

afterAll(() => world.close());

const raw = (body: string) =>
  world.operator().post<{ id: string }>('events', { body, headers: { 'content-type': 'application/json' } });

async function written(eventId: string): Promise<{ key: string | undefined; body: string; customerId: string }> {
  const watch = await world.watch('resource-events');
  const record = await watch.next(({ value }) => value?.includes(eventId) ?? false);
  const decoded = await codec.decode(record.value ?? Buffer.alloc(0));
  if (decoded.kind !== 'event') throw new Error(`the record is ${decoded.kind}`);
  return { key: record.key?.toString(), body: decoded.event.body.toString(), customerId: decoded.event.customerId };
}

describe('POST /events', () => {
  it('puts the event on Kafka, keyed by its customer, as it was given', async () => {
    const event = world.sample('call_hangup', randomUUID());
    const answer = await world.operator().post('events', { json: event });
    expect(answer.statusCode).toBe(202);
    const { data, ...envelope } = event;
    expect(answer.body).toEqual(envelope);
    const record = await written(event.id);
    expect([record.key, record.customerId]).toEqual([event['customer_id'], event['customer_id']]);
    expect(JSON.parse(record.body)).toMatchObject({ id: event.id, type: 'call_hangup', resource_type: 'call', data });
  });

  it('keeps the digits of whole numbers beyond 2^53', async () => {
    const id = randomUUID();
    const data = '{"permission":9007199254740993}';
    const answer = await raw(`{"id":"${id}","type":"agent_updated","customer_id":"${randomUUID()}","data":${data}}`);
    expect(answer.statusCode).toBe(202);
    expect((await written(id)).body).toContain('"permission":9007199254740993');
  });

  it('fills in what was left out', async () => {
    const json = { type: 'call_hangup', customer_id: randomUUID(), data: { id: randomUUID() } };
    const { statusCode, body } = await world.operator().post('events', { json });
    expect(statusCode).toBe(202);
    expect(body).toMatchObject({ id: expect.any(String), resource_type: 'call', tm_create: expect.any(String) });
  });

  it.each<[string, object, string]>([
    ['an unknown type', { type: 'call_hangupp' }, 'type'],
    ['a resource type of other events', { resource_type: 'queue' }, 'resource_type'],
    ['a customer that is no UUID', { customer_id: 'seven' }, 'customer_id'],
    ['no data', { data: undefined }, 'data'],
    ['data that is no object', { data: [] }, 'data'],
    ['a field in another type', { data: { id: 7 } }, 'data.id'],
    ['a field that the schema lacks', { data: { idd: 'x' } }, 'data.idd'],
    ['a time that is none', { tm_create: 'yesterday' }, 'tm_create'],
    ['an unknown field', { resource: 'call' }, 'resource'],
  ])('refuses %s and names the field', async (_name, change, field) => {
    const json = { type: 'call_hangup', customer_id: randomUUID(), data: {}, ...change };
    const answer = await world.operator().post('events', { json });
    expect([answer.statusCode, answer.body]).toMatchObject([400, { error: { details: [{ field }] } }]);
  });
});
