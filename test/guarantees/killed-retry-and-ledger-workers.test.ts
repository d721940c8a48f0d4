import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';
import type { AttemptRecord } from '#libs/domain';

import { eventId } from '../../bench/data/event-id.ts';
import { eventually } from '../support/world/eventually.ts';
import type { TestCustomer } from '../support/world/world.ts';
import { lagOf } from '../support/world/topics.ts';
import { writtenAttempts } from '../support/world/written-attempts.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import { type GroundPlan, SERIES } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';

const KILLS = fullOrShort(20, 2);
/** As much as the ledger writes into the embedded database, and counts, while it is killed again and again. */
const EVENTS_PER_SECOND = 30;
const FAILING = [0, 3, 6, 9];
const IN_FLIGHT = 300;
const COMMIT_INTERVAL_S = 1;
/** The ledger writes as fast as its database; a slow one has it behind for a while. */
const SLOWEST_PER_SECOND = 10;
/** An hour that a killed ledger was counting is claimed for a minute, and rests for two where the database is slow. */
const RECOUNTED_WITHIN_MS = 300_000;
const PLAN: GroundPlan = {
  apart: true,
  apps: ['delivery', 'retry', 'retry', 'ledger', 'ledger'],
  perSecond: EVENTS_PER_SECOND,
  settings: { RETRY_SCHEDULE: '1s,2s,3s,5s,8s,13s,21s,34s,55s' },
};

/** Seen to fail when `LedgerReceiver` settles a record before its bulk is acknowledged: attempts are missing. */
fault(
  'kill -9 of retry and ledger workers loses no delivery and no attempt, and writes none twice',
  PLAN,
  async (ground) => {
    const { world, customers, endpoints } = ground;
    await ground.begin();
    await endpoints.behave(FAILING, { kind: 'flap', upMs: 3_000, downMs: 1_000 });
    for (let kill = 0; kill < KILLS; kill += 1) {
      await pauseFor(ground.seeded.between(200, 1_500));
      const worker = ground.seeded.pick([...ground.workers('retry'), ...ground.workers('ledger')]);
      worker.signal('SIGKILL');
      expect(await worker.exited()).toMatchObject({ signal: 'SIGKILL' });
      await worker.start();
      await worker.ready();
    }
    await endpoints.behave(FAILING, { kind: 'answer' });
    const { books } = await ground.settle(300_000);
    const events = Array.from({ length: books.produced }, (_, number) => eventId(SERIES, number));
    const written = await writtenAttempts(world, events);
    const settledAt = performance.now();
    const limitMs = 60_000 + (written.length / SLOWEST_PER_SECOND) * 1_000;
    // Asked of the broker, and then customer by customer: whoever asks the database keeps it from writing.
    await eventually(
      () => lagOf(world, 'webhook-ledger', 'webhook-attempts'),
      (lag) => lag === 0,
      limitMs,
    );
    for (const customer of customers) await expectTrail(customer, written);
    const behindS = Math.round((performance.now() - settledAt) / 1_000);
    report({
      fault: `kill -9 of retry and ledger workers, ${KILLS} times`,
      measured: { ...books, 'attempt records': written.length, 'ledger behind s': behindS },
    });
    expect(books).toMatchObject({ lost: 0, astray: 0 });
    expect(books.duplicates).toBeLessThanOrEqual(KILLS * (IN_FLIGHT + COMMIT_INTERVAL_S * EVENTS_PER_SECOND));
    expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
  },
);

/** What a customer sees of its one webhook is what was written, each record once, and is counted right. */
async function expectTrail({ api }: TestCustomer, written: readonly AttemptRecord[]): Promise<void> {
  const webhooks = await api.call('listWebhooks', {});
  const id = webhooks.result[0]?.id ?? '';
  const ours = written.filter(({ webhookId }) => webhookId === id);
  const counted = (outcome: string): number => ours.filter((record) => record.outcome === outcome).length;
  const [delivered, failed] = [counted('delivered'), counted('failed')];
  const expected = {
    attempts: delivered + failed,
    delivered,
    failed,
    held: counted('held'),
    skipped: counted('skipped'),
  };
  const stats = await eventually(
    async () => (await api.call('getStats', { path: { id } })).totals,
    (totals) => totals.attempts + totals.held + totals.skipped >= ours.length,
    RECOUNTED_WITHIN_MS,
  );
  expect(stats).toMatchObject(expected);
  const documents: string[] = [];
  for await (const page of api.pages('listAttempts', { path: { id } }))
    documents.push(...page.map((entry) => entry.id));
  expect(documents.toSorted()).toEqual(ours.map((record) => record.id).toSorted());
}
