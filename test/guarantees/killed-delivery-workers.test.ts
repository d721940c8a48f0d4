import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { EVENTS_PER_SECOND } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const KILLS = fullOrShort(20, 1);
/** What a worker takes while it is busy, and what it settles between two commits. */
const IN_FLIGHT = 300;
/** Before a kill events are under way for longer than from one commit to the next, so that a commit that passes them is noticed. */
const SLOW_MS = 1_500;
const COMMITTED_MS = 1_200;
const COMMIT_INTERVAL_S = 1;
/** The short version leaves the workers half of the machine. */
const DELIVERING_AGAIN_MS = fullOrShort(15_000, 30_000);

/** Seen to fail when `OffsetTracker` commits what was taken in place of what is settled: 535 events were lost by one kill. */
fault(
  'kill -9 of a delivery worker loses nothing and repeats no more than was in flight',
  { apps: ['delivery', 'delivery', 'retry'] },
  async (ground) => {
    await ground.begin();
    const everybody = [...ground.customers.keys()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pauseFor(ground.seeded.between(2_000, 4_000));
      await ground.endpoints.behave(everybody, { kind: 'delay', ms: SLOW_MS });
      await pauseFor(COMMITTED_MS);
      const worker = ground.seeded.pick(ground.workers('delivery'));
      worker.signal('SIGKILL');
      expect(await worker.exited()).toMatchObject({ signal: 'SIGKILL' });
      await ground.endpoints.behave(everybody, { kind: 'answer' });
      await worker.start();
      await worker.ready();
      await ground.goesOn();
    }
    const { books, receipts } = await ground.settle();
    const gapMs = longestGapMs(receipts.answered);
    report({ fault: `kill -9 of a delivery worker, ${KILLS} times`, measured: { ...books, 'longest gap ms': gapMs } });
    // Endpoints as slow as these are taken for stuck: what is held comes later, and a later event of the resource before it.
    expect(books).toMatchObject({ lost: 0, astray: 0 });
    expect(books.duplicates).toBeLessThanOrEqual(KILLS * (IN_FLIGHT + COMMIT_INTERVAL_S * EVENTS_PER_SECOND));
    expect(gapMs).toBeLessThan(DELIVERING_AGAIN_MS);
  },
);
