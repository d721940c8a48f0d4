import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { fullOrShort } from './harness/length.ts';

const FOR_MS = fullOrShort(120_000, 8_000);

/**
 * A commit by a former owner would skip what the owner has not delivered: it would be lost when that one ends.
 *
 * Seen to fail when a worker does not wait for what is in flight before it joins again: 18 copies; and when it does not commit: 496.
 */
fault(
  'workers that join and leave every few seconds lose nothing and keep the order',
  { apps: ['delivery', 'retry'] },
  async (ground) => {
    await ground.begin();
    const until = performance.now() + FOR_MS;
    let rebalances = 0;
    while (performance.now() < until) {
      const guest = await ground.world.start('delivery');
      await guest.ready();
      await pauseFor(ground.seeded.between(500, 2_000));
      const leaving = ground.seeded.pick(ground.workers('delivery'));
      await leaving.stop();
      await pauseFor(ground.seeded.between(500, 2_000));
      rebalances += 2;
    }
    const { books, receipts } = await ground.settle();
    report({
      fault: `workers join and leave, ${FOR_MS / 1_000} s`,
      measured: { ...books, rebalances, 'longest gap ms': longestGapMs(receipts.answered) },
    });
    expect(books).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
  },
);
