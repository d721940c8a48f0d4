import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import avsc from 'avsc';
import got from 'got';

import { World } from '../support/world/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open({ TOPIC_PARTITIONS: '1' });
});

afterAll(() => world.close());

/** Registers a schema as a producer of its own would; its id in the registry. */
async function registerSchema(schema: { namespace: string; name: string }): Promise<number> {
  const subject = `${schema.namespace}.${schema.name}`;
  const answer = await got
    .post(`${process.env['SCHEMA_REGISTRY_URL']}/subjects/${subject}/versions`, {
      json: { schema: JSON.stringify(schema) },
    })
    .json<{ id: number }>();
  return answer.id;
}

function wire(id: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, payload]);
}

describe('a Kafka record', () => {
  it.each([
    ['that is not Avro', async () => Buffer.from('{"json":true}'), 'not_avro'],
    [
      'with a schema id that the registry does not know',
      async () => wire(99_999_999, Buffer.from([1])),
      'unknown_schema',
    ],
    [
      'that lacks a field of the envelope',
      async () => {
        const schema = {
          type: 'record',
          namespace: `test.${world.prefix.replaceAll('-', '')}`,
          name: 'NoType',
          fields: ['id', 'resource_type', 'customer_id', 'tm_create'].map((name) => ({ name, type: 'string' })),
        };
        const id = await registerSchema(schema);
        const type = avsc.Type.forSchema(JSON.parse(JSON.stringify(schema)));
        return wire(id, type.toBuffer({ id: '1', resource_type: 'call', customer_id: 'c', tm_create: 't' }));
      },
      'missing_field',
    ],
  ])(
    '%s goes to rejected-events with its bytes and the reason, and the partition moves on',
    async (_name, bytes, reason) => {
      const customer = await world.customer();
      const path = `/after/${reason}`;
      await customer.webhook(path, ['*']);
      const rejected = await world.watch('rejected-events');
      const value = await bytes();
      await world.produceBytes(customer.id, value);
      await world.produce(world.sample('call_hangup', customer.id));
      await world.receiver.waitFor(path, 1);
      const record = await rejected.next(({ headers }) => String(headers['rejection-reason']) === reason);
      expect(record.value).toEqual(value);
      expect(String(record.headers['rejection-message'])).not.toBe('');
      expect(world.app('delivery').running()).toBe(true);
    },
  );

  it('of a type that the catalogue does not know is delivered to webhooks that ask for *', async () => {
    const customer = await world.customer();
    await customer.webhook('/unknown/all', ['*']);
    await customer.webhook('/unknown/call', ['call_*']);
    const schema = {
      type: 'record',
      namespace: `test.${world.prefix.replaceAll('-', '')}`,
      name: 'PlanetEvent',
      fields: [
        ...['id', 'type', 'resource_type', 'customer_id', 'tm_create'].map((name) => ({ name, type: 'string' })),
        {
          name: 'data',
          type: {
            type: 'record',
            name: 'Planet',
            fields: [
              { name: 'id', type: 'string' },
              { name: 'mass', type: 'long' },
            ],
          },
        },
      ],
    };
    const id = await registerSchema(schema);
    const type = avsc.Type.forSchema(JSON.parse(JSON.stringify(schema)));
    const value = type.toBuffer({
      id: 'e1',
      type: 'planet_found',
      resource_type: 'planet',
      customer_id: customer.id,
      tm_create: '2026-01-01T00:00:00Z',
      data: { id: 'p1', mass: 5 },
    });
    await world.produceBytes(customer.id, wire(id, value));
    const [request] = await world.receiver.waitFor('/unknown/all', 1);
    expect(JSON.parse(request!.body)).toMatchObject({ type: 'planet_found', data: { id: 'p1', mass: 5 } });
    expect(world.receiver.received('/unknown/call')).toHaveLength(0);
  });

  it("of a producer's new schema version is delivered with the added field, by workers that run already", async () => {
    const customer = await world.customer();
    await customer.webhook('/evolved', ['number_*']);
    await world.produce(world.sample('number_created', customer.id));
    await world.receiver.waitFor('/evolved', 1);

    const entry = world.catalogue.resourceTypes.get('number')!;
    const schema = structuredClone(JSON.parse(JSON.stringify(entry.schema)));
    const data = schema.fields.find(({ name }: { name: string }) => name === 'data').type;
    data.fields.push({ name: `added_${world.prefix.slice(1, 9)}`, type: 'long' });
    const id = await registerSchema(schema);
    const type = avsc.Type.forSchema(schema, { wrapUnions: 'never' });
    const plain = world.sample('number_updated', customer.id);
    const defaults = Object.fromEntries(data.fields.map(({ name }: { name: string }) => [name, undefined]));
    const value = type.toBuffer({
      ...plain,
      data: { ...defaults, ...plain.data, [`added_${world.prefix.slice(1, 9)}`]: 42 },
    });
    await world.produceBytes(customer.id, wire(id, value));
    const [, request] = await world.receiver.waitFor('/evolved', 2);
    expect(JSON.parse(request!.body).data).toMatchObject({ [`added_${world.prefix.slice(1, 9)}`]: 42 });
  });
});
