import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Stack, startStack } from '../../deploy/local/stack.ts';
import { World } from '../support/world/world.ts';

let folder: string;
let own: Stack;
let world: World;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webhook-outage-'));
});

afterEach(async () => {
  await world.close();
  await own.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('while MongoDB is away', () => {
  it('known customers go on, an unknown one is parked and comes later, and the API answers 503', async () => {
    own = await startStack({ dataDir: folder, env: {}, only: ['mongodb'] });
    world = await World.open({ MONGODB_URI: own.mongodbUri });
    const [known, unknown] = [await world.customer(), await world.customer()];
    await known.webhook('/known', ['*']);
    await unknown.webhook('/unknown', ['*']);
    await world.produce(world.sample('call_hangup', known.id));
    await world.receiver.waitFor('/known', 1);

    await own.part('mongodb').kill();
    await world.produce(world.sample('call_hangup', unknown.id));
    await world.produce(world.sample('call_hangup', known.id));
    await world.receiver.waitFor('/known', 2);
    const answer = await known.http.get('webhooks');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    const refused = await known.http.post('webhooks', { json: { url: 'https://example.com/', event_types: ['*'] } });
    expect(refused.statusCode).toBe(503);
    expect(world.receiver.received('/unknown')).toHaveLength(0);

    await own.part('mongodb').restart();
    await world.receiver.waitFor('/unknown', 1, 40_000);
    const { result } = await known.http.get('webhooks').json<{ result: unknown[] }>();
    expect(result).toHaveLength(1);
  });
});

describe('while the schema registry is away', () => {
  it('events of schemas that are known go on, others are parked and come later', async () => {
    own = await startStack({ dataDir: folder, env: {}, only: ['registry'] });
    world = await World.open({ SCHEMA_REGISTRY_URL: own.schemaRegistryUrl });
    const customer = await world.customer();
    await customer.webhook('/schemas', ['*']);
    await world.produce(world.sample('call_hangup', customer.id));
    await world.receiver.waitFor('/schemas', 1);
    const before = world.sample('number_created', customer.id);
    // Encoded while the registry still answers; the worker has not met this schema yet.
    await world.encoded(before);

    await own.part('registry').kill();
    await world.produce(before);
    const known = world.sample('call_hangup', customer.id);
    await world.produce(known);
    const [, second] = await world.receiver.waitFor('/schemas', 2);
    expect(second!.headers['webhook-id']).toBe(known.id);

    await own.part('registry').restart();
    const [, , third] = await world.receiver.waitFor('/schemas', 3, 60_000);
    expect(third!.headers['webhook-id']).toBe(before.id);
  });
});

describe('while Kafka is away', () => {
  it('the API answers 503: a new webhook is not kept, a deletion is', async () => {
    own = await startStack({ dataDir: folder, env: {}, only: ['kafka'] });
    world = await World.open({ KAFKA_BROKERS: own.kafkaBrokers }, ['config']);
    const customer = await world.customer();
    const { id } = await customer.webhook('/kept', ['*']);
    await own.part('kafka').kill();
    const created = await customer.http.post('webhooks', { json: { url: 'https://example.com/', event_types: ['*'] } });
    expect(created.statusCode).toBe(503);
    expect(created.headers['retry-after']).toMatch(/^\d+$/);
    expect((await customer.http.delete(`webhooks/${id}`)).statusCode).toBe(503);
    const { result } = await customer.http.get('webhooks').json<{ result: Array<{ id: string }> }>();
    expect(result).toEqual([]);
    const event = await world
      .operator()
      .post('events', { json: { type: 'call_hangup', customer_id: customer.id, data: {} } });
    expect(event.statusCode).toBe(503);

    await own.part('kafka').restart();
    await world.app('config').ready();
    // Or it was announced before.
    expect([204, 404]).toContain((await customer.http.delete(`webhooks/${id}`)).statusCode);
  });
});
