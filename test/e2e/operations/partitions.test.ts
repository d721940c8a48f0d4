import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { documented } from '../../support/operations/documented.ts';
import { NOTHING_WRONG, NumberedEvents } from '../../support/operations/numbered-events.ts';
import { Operator } from '../../support/operations/operator.ts';
import type { TestCustomer } from '../../support/world/world.ts';
import { World } from '../../support/world/world.ts';

const [BEFORE, AFTER] = [6, 12];
const CUSTOMERS = 10;
const EVENTS = 8;
/** While the operator looks, nothing is settled. */
const SLOW_MS = 20_000;

let world: World;
let operator: Operator;
let events: NumberedEvents;

beforeAll(async () => {
  world = await World.open(
    { TOPIC_PARTITIONS: String(BEFORE), RETRY_SCHEDULE: '1s,20s', DELIVERY_TIMEOUT_MS: '60000' },
    ['config', 'delivery', 'retry', 'ledger'],
  );
  // Two workers: the former partition of a customer and its new one may belong to different ones.
  await (await world.start('delivery')).ready();
  operator = await Operator.with(world.env);
  events = await NumberedEvents.of(world, CUSTOMERS, SLOW_MS);
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

/** Partition and offset of every request, in the order of the requests. */
function places(customer: TestCustomer): ReadonlyArray<readonly [number, number]> {
  return events.received(customer).map(({ headers }) => {
    const [partition = NaN, offset = NaN] = String(headers['webhook-sequence']).split('.').map(Number);
    return [partition, offset];
  });
}

describe('more partitions for resource-events', () => {
  it('keep every event, the order of each resource, and growing sequences, as the operator is told to add them', async () => {
    const [settled = '', alter = '', owned = ''] = await documented('More partitions for `resource-events`');
    const waiting = await world.customer();
    await waiting.webhook('/waiting', ['*']);
    world.receiver.on('/waiting', { kind: 'fail_first', failures: 2, status: 503 });
    await world.produce(world.sample('call_hangup', waiting.id));
    await events.produce(EVENTS);

    expect(Number(await operator.run(settled))).toBeGreaterThan(0);
    events.answerIn(100);
    await world.app('ledger').stop();
    await operator.until(settled, '0');
    await operator.run(alter.replace('48', String(AFTER)));
    const settings = { TOPIC_PARTITIONS: String(AFTER) };
    for (const worker of world.running('delivery')) {
      await worker.stop();
      await worker.start();
      await worker.ready();
    }
    await world.restart('config', settings);
    await world.restart('ledger', settings);
    await operator.until(owned, String(AFTER));
    await events.produce(EVENTS);

    await events.delivered();
    expect(events.differences()).toEqual(NOTHING_WRONG);
    const moved = events.customers.filter((customer) => places(customer).at(-1)![0] !== places(customer)[0]![0]);
    expect(moved.length).toBeGreaterThan(0);
    for (const customer of events.customers) {
      const found = places(customer);
      const half = found.length / 2;
      const [first] = found[0]!;
      expect(new Set(found.slice(0, half).map(([partition]) => partition))).toEqual(new Set([first]));
      const [later] = found[half]!;
      expect([later % BEFORE, later >= first]).toEqual([first, true]);
    }
    expect(await world.receiver.waitFor('/waiting', 3)).toHaveLength(3);

    const [customer] = moved;
    await customer!.webhook('/registered-afterwards', ['*']);
    const event = world.sample('call_hangup', customer!.id);
    await world.produce(event);
    const [request] = await world.receiver.waitFor('/registered-afterwards', 1);
    expect(request!.headers['webhook-id']).toBe(event.id);
  });
});
