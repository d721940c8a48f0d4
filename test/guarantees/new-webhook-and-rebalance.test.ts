import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import type { App } from '../../deploy/local/apps.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { fullOrShort } from './harness/length.ts';

const TIMES = fullOrShort(100, 2);

/** Seen to fail when `EventReceiver` does not drop a customer's webhooks at a control record: the event never comes. */
fault(
  'the next event after POST /webhooks is delivered, also when a rebalance comes in between',
  { apps: ['delivery', 'delivery', 'retry'] },
  async (ground) => {
    const { world, seeded, customers } = ground;
    await ground.begin();
    let guest: App | undefined;
    let slowestMs = 0;
    for (let time = 0; time < TIMES; time += 1) {
      // A customer that has webhooks, so that workers hold an index of them that lacks the new one.
      const customer = seeded.pick(customers);
      const path = `/new/${time}`;
      const created = customer.webhook(path, ['message_created']);
      await pauseFor(seeded.between(0, 30));
      const leaving = guest;
      guest = leaving ? undefined : await world.start('delivery');
      const left = leaving?.stop();
      await created;
      const event = world.sample('message_created', customer.id);
      const producedAt = Date.now();
      await world.produce(event);
      const [request] = await world.receiver.waitFor(path, 1, 60_000);
      expect(request!.headers['webhook-id']).toBe(event.id);
      slowestMs = Math.max(slowestMs, request!.at - producedAt);
      await Promise.all([left, guest?.ready()]);
    }
    const { books } = await ground.settle();
    report({
      fault: `a rebalance right after POST /webhooks, ${TIMES} times`,
      measured: { ...books, 'delivered at the latest after ms': slowestMs },
    });
    expect(books).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
  },
);
