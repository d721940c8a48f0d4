import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { documented } from '../../support/operations/documented.ts';
import { Operator } from '../../support/operations/operator.ts';
import { type TestCustomer, World } from '../../support/world/world.ts';

const DRAINED = '12s';

let world: World;
let operator: Operator;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: `1s,${DRAINED},30s` });
  operator = await Operator.with(world.env);
  customer = await world.customer();
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

async function topics(): Promise<string[]> {
  const admin = world.kafka.admin();
  await admin.connect();
  try {
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

/** Everything that was ever written to a topic of this world. */
async function written(topic: string): Promise<number> {
  const admin = world.kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(world.prefix + topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}

async function failing(path: string, failures: number): Promise<string> {
  await customer.webhook(path, ['call_hangup']);
  world.receiver.on(path, { kind: 'fail_first', failures, status: 503 });
  return path;
}

describe('a delay that is taken out of the schedule', () => {
  it('has its topic read until it is empty, and nothing new written to it; then the topic can go, and come back', async () => {
    const topic = `webhook-retry-${DRAINED}`;
    const [empty = '', remove = ''] = (await documented('Drain a tier')).map((piece) => piece.replace('15m', DRAINED));
    const recovering = await failing('/recovering', 2);
    const down = await failing('/down', 9);
    const dead = await world.watch('webhook-dead-letters');
    await world.produce(world.sample('call_hangup', customer.id));
    await Promise.all([world.receiver.waitFor(recovering, 2), world.receiver.waitFor(down, 2)]);

    const settings = { RETRY_SCHEDULE: '1s,30s' };
    await world.restart('retry', settings);
    await world.restart('delivery', settings);
    expect(await written(topic)).toBe(2);
    await operator.until(empty, '0');
    expect(world.receiver.received(recovering)).toHaveLength(3);
    const letter = await dead.next(() => true);
    expect(letter.headers['delivery-attempts']?.toString()).toBe('3');

    await world.produce(world.sample('call_hangup', customer.id));
    await world.receiver.waitFor(recovering, 5);
    expect(await written(topic)).toBe(2);

    await world.app('retry').stop();
    await operator.run(remove);
    await world.app('retry').start();
    await world.app('retry').ready();
    expect(await topics()).not.toContain(world.prefix + topic);
    const [third] = (await world.receiver.waitFor(recovering, 6)).slice(-1);
    expect(third!.headers['webhook-attempt']).toBe('3');

    const former = { RETRY_SCHEDULE: `1s,${DRAINED},30s` };
    await world.restart('retry', former);
    await world.restart('delivery', former);
    expect(await topics()).toContain(world.prefix + topic);
  });
});
