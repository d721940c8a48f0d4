import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterEach, expect, it } from '@jest/globals';

import { longestGapMs } from './harness/books.ts';
import { report } from './harness/figures.ts';
import { Ground } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const ENDS = fullOrShort(20, 1);

let ground: Ground;
afterEach(() => ground.close());

/** Seen to fail when `OrderedConsumer.stop` does not wait for what is in flight: 14 copies for one worker. */
it('SIGTERM of a delivery worker loses nothing and repeats nothing', async () => {
  ground = await Ground.open({ apps: ['delivery', 'delivery', 'retry'] });
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
});
