import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { latencyOf, orderViolationsAt } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import type { GroundPlan } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const FLAP_MS = fullOrShort(120_000, 8_000);
const CALM_MS = fullOrShort(20_000, 4_000);
const FLAPPING = [0, 2, 4, 6, 8, 10];
const HEALTHY = [1, 3, 5, 7, 9, 11];
/** Less than a second of their own, or three times what it was: a busy machine is no flapping endpoint. */
const KEPT_MS = 1_000;
const KEPT_FACTOR = 3;
const PLAN: GroundPlan = {
  apps: ['delivery', 'retry'],
  settings: { RETRY_SCHEDULE: '1s,2s,3s,5s,8s,13s,21s,34s,55s' },
};

/** Seen to fail when `DurableWriter` takes a record for the retry topic for written without its acknowledgement: 7,512 events were lost. */
fault('half of all endpoints flap: nothing is lost, and the healthy ones keep their latency', PLAN, async (ground) => {
  const { endpoints, load, workload } = ground;
  await ground.begin();
  const calmFrom = Date.now();
  await pauseFor(CALM_MS);
  const flapFrom = Date.now();
  await endpoints.behave(FLAPPING, { kind: 'flap', upMs: 2_000, downMs: 2_000 });
  await pauseFor(FLAP_MS);
  const flapUntil = Date.now();
  await endpoints.behave(FLAPPING, { kind: 'answer' });
  const { books, receipts } = await ground.settle(300_000);
  const latency = (from: number, until: number): number =>
    latencyOf({ deliveries: receipts.answered, endpoints: HEALTHY, sentAt: load.sentAt, from, until }).p99;
  const [calm, during] = [latency(calmFrom, flapFrom), latency(flapFrom, flapUntil)];
  // What the breaker held back comes later by its nature.
  const counted = {
    ...books,
    orderViolations: orderViolationsAt(HEALTHY, workload, receipts),
  };
  report({
    fault: `half of all endpoints flap for ${FLAP_MS / 1_000} s`,
    measured: { ...counted, 'p99 of the healthy ms': `${Math.round(calm)} before, ${Math.round(during)} meanwhile` },
  });
  expect(await ground.recordsOn('webhook-dead-letters')).toBe(0);
  expect(counted).toMatchObject({ lost: 0, duplicates: 0, orderViolations: 0, astray: 0 });
  expect(during).toBeLessThan(Math.max(KEPT_MS, KEPT_FACTOR * calm));
});
