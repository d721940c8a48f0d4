import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { longestGapMs, waitsOf } from './harness/books.ts';
import { CLOCK_SIGNALS, JUMPING_CLOCK } from './harness/clock/jumping-clock.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import type { Ground, GroundPlan } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const REFUSING = 0;
const REFUSING_MS = 2_000;
/** What was sent as late as this may have met the endpoint when it answered again. */
const UNDER_WAY_MS = 500;
const TIER_MS = 5_000;
/** In the whole proof longer than a member of the group may go without a heartbeat. */
const AFTERWARDS_MS = fullOrShort(50_000, 4_000);
const GAP_MS = 15_000;
const LATE_MS = 15_000;

const PLAN: GroundPlan = {
  apps: ['delivery', 'delivery', 'retry'],
  settings: { ...JUMPING_CLOCK, RETRY_SCHEDULE: '5s,6s,7s,8s,9s,10s,11s,12s' },
};

fault('the clock of the workers jumps one hour forth: retries come when they are due', PLAN, (ground) =>
  jump(ground, 'forth'),
);

fault('the clock of the workers jumps one hour back: retries come when they are due', PLAN, (ground) =>
  jump(ground, 'back'),
);

/** Seen to fail without `keepTimeSteady`: an hour forth, retries came before they were due; an hour back, none came at all. */
async function jump(ground: Ground, direction: keyof typeof CLOCK_SIGNALS): Promise<void> {
  const { endpoints } = ground;
  await ground.begin();
  await endpoints.behave([REFUSING], { kind: 'refuse', status: 503 });
  const from = Date.now();
  await pauseFor(REFUSING_MS);
  const until = Date.now();
  await endpoints.behave([REFUSING], { kind: 'answer' });
  for (const worker of [...ground.workers('delivery'), ...ground.workers('retry')]) {
    worker.signal(CLOCK_SIGNALS[direction]);
  }
  await pauseFor(AFTERWARDS_MS);
  const { books, receipts } = await ground.settle();
  const waits = waitsOf({
    deliveries: receipts.answered,
    endpoint: REFUSING,
    sentAt: ground.load.sentAt,
    from,
    until: until - UNDER_WAY_MS,
  });
  const [earliest, latest] = [Math.min(...waits), Math.max(...waits)].map(Math.round);
  report({
    fault: `clock of the workers one hour ${direction}`,
    measured: {
      ...books,
      retries: waits.length,
      'first retry after ms': earliest ?? 0,
      'last after ms': latest ?? 0,
      'longest gap ms': longestGapMs(receipts.answered),
    },
  });
  expect(waits.length).toBeGreaterThan(20);
  expect(books).toMatchObject({ lost: 0, duplicates: 0, astray: 0 });
  expect(earliest).toBeGreaterThanOrEqual(TIER_MS);
  expect(latest).toBeLessThan(TIER_MS + LATE_MS);
  expect(longestGapMs(receipts.answered)).toBeLessThan(GAP_MS);
}
