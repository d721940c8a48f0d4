import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { fullOrShort } from './harness/length.ts';

const ENDS = fullOrShort(20, 1);

/** Seen to fail when `OrderedConsumer.stop` does not wait for what is in flight: 14 copies for one worker. */
fault(
  'SIGTERM of a delivery worker loses nothing and repeats nothing',
  { apps: ['delivery', 'delivery', 'retry'] },
  async (ground) => {
    await ground.begin();
    for (let end = 0; end < ENDS; end += 1) {
      await pauseFor(ground.seeded.between(500, 1_500));
      const worker = ground.seeded.pick(ground.workers('delivery'));
      expect(await worker.stop()).toMatchObject({ code: 0 });
      await worker.start();
      await worker.ready();
    }
    const { books, receipts } = await ground.settle();
    report({
      fault: `SIGTERM of a delivery worker, ${ENDS} times`,
      measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered) },
    });
    expect(books).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
  },
);
