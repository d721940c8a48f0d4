import { afterEach, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/world/eventually.ts';
import { World } from '../support/world/world.ts';

let world: World;

afterEach(() => world.close());

describe('an offset is committed only after settling', () => {
  it('a worker killed between sending and the answer leaves the event for the next one', async () => {
    world = await World.open();
    const customer = await world.customer();
    await customer.webhook('/killed', ['call_hangup']);
    world.receiver.on('/killed', { kind: 'hang' });
    const event = world.sample('call_hangup', customer.id);
    await world.produce(event);
    await world.receiver.waitFor('/killed', 1);
    const worker = world.app('delivery');
    worker.signal('SIGKILL');
    expect(await worker.exited()).toMatchObject({ signal: 'SIGKILL' });
    world.receiver.on('/killed', { kind: 'status', status: 200 });
    await worker.start();
    const [first, second] = await world.receiver.waitFor('/killed', 2, 40_000);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.headers['webhook-attempt']).toBe('1');
  });

  it('a worker killed behind a slow head repeats the head, not what was settled above it', async () => {
    world = await World.open({ DELIVERY_TIMEOUT_MS: '60000' });
    const customer = await world.customer();
    await customer.webhook('/head', ['call_hangup']);
    await customer.webhook('/above', ['message_created']);
    world.receiver.on('/head', { kind: 'hang' });
    await world.produce(world.sample('call_hangup', customer.id));
    await world.receiver.waitFor('/head', 1);
    const above = Array.from({ length: 200 }, () => world.sample('message_created', customer.id));
    for (const event of above) await world.produce(event);
    await world.receiver.waitFor('/above', 200);
    await world.committed((offsets) => offsets.some(({ metadata }) => metadata === 's1:AcgB'));

    const worker = world.app('delivery');
    worker.signal('SIGKILL');
    await worker.exited();
    world.receiver.on('/head', { kind: 'status', status: 200 });
    await worker.start();
    await world.receiver.waitFor('/head', 2, 40_000);
    await world.produce(world.sample('message_created', customer.id));
    await world.receiver.waitFor('/above', 201, 40_000);
    const ids = world.receiver.received('/above').map(({ headers }) => String(headers['webhook-id']));
    expect(ids.slice(0, 200).toSorted()).toEqual(above.map(({ id }) => id).toSorted());
  });

  it('a worker that is asked to end finishes what is in flight, and the next one repeats nothing', async () => {
    world = await World.open();
    const customer = await world.customer();
    await customer.webhook('/drained', ['*']);
    world.receiver.on('/drained', { kind: 'delay', ms: 1_500 });
    await world.produce(world.sample('call_hangup', customer.id));
    await world.receiver.waitFor('/drained', 1);
    const worker = world.app('delivery');
    const ended = await worker.stop();
    expect(ended).toMatchObject({ code: 0 });
    world.receiver.on('/drained', { kind: 'status', status: 200 });
    await worker.start();
    await worker.ready();
    const next = world.sample('message_created', customer.id);
    await world.produce(next);
    const [, second] = await world.receiver.waitFor('/drained', 2, 40_000);
    expect(second!.headers['webhook-id']).toBe(next.id);
    expect(world.receiver.received('/drained')).toHaveLength(2);
  });

  it('two workers share the partitions, and a rebalance loses and repeats nothing', async () => {
    world = await World.open();
    const customers = await Promise.all(Array.from({ length: 6 }, () => world.customer()));
    for (const customer of customers) await customer.webhook('/shared', ['*']);
    const ids: string[] = [];
    const produceSome = async (): Promise<void> => {
      const events = customers.flatMap(({ id }) => Array.from({ length: 20 }, () => world.sample('call_updated', id)));
      ids.push(...events.map(({ id }) => id));
      await Promise.all(events.map((event) => world.produce(event)));
    };
    await produceSome();
    const second = await world.start('delivery');
    await produceSome();
    await second.ready();
    await produceSome();
    await second.stop();
    await produceSome();
    const received = () => world.receiver.received('/shared');
    const idsOf = (requests: ReturnType<typeof received>) =>
      requests.map(({ headers }) => String(headers['webhook-id']));
    await eventually(
      async () => new Set(idsOf(received())).size,
      (count) => count >= ids.length,
      40_000,
    );
    expect(new Set(idsOf(received()))).toEqual(new Set(ids));
    // A second attempt, after one that took too long on a busy machine, is a retry, not a repetition.
    const repeated = received().filter(
      ({ headers }, index, all) =>
        headers['webhook-attempt'] === '1' &&
        all.findIndex((other) => other.headers['webhook-id'] === headers['webhook-id']) !== index,
    );
    expect(idsOf(repeated)).toEqual([]);
  });
});
