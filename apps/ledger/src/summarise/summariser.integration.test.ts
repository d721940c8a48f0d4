import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AttemptRecord,
  FAILURES_COUNTED,
  HOUR_MS,
  hourOf,
  latencyBucket,
  NO_HEALTH,
  type WebhookHealth,
} from '#libs/domain';
import { createLogger } from '#libs/runtime';
import {
  AttemptRepository,
  DirtyHourRepository,
  WebhookHealthRepository,
  WebhookHourRepository,
  type WebhookRepository,
} from '#libs/store';
import fc from 'fast-check';

import { aFailure, anAttempt } from '../../../../libs/store/testing/attempts.ts';
import { TestDatabase } from '../../../../libs/store/testing/database.ts';
import { aWebhook } from '../../../../libs/store/testing/webhooks.ts';
import { AttemptProjection } from '../project/attempt-projection.ts';
import { Summariser } from './summariser.ts';
import { WebhookSummary } from './webhook-summary.ts';

const DAY_MS = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const database = new TestDatabase('summaries');
const { store } = database;
const clock = { time: start, now: () => clock.time };
const attempts = new AttemptRepository(store, { keepMs: -1 });
const hours = new WebhookHourRepository(store, { keepMs: -1 });
const dirtyHours = new DirtyHourRepository(store, clock);
const health = new WebhookHealthRepository(store);
const projection = new AttemptProjection(attempts, dirtyHours);
/** When each webhook was enabled again. */
const enabled = new Map<string, number>();
const webhooks: Pick<WebhookRepository, 'find'> = {
  find: async (id) => ({ ...aWebhook(), id, enabledAt: enabled.get(id) }),
};
const summary = new WebhookSummary({ attempts, hours, health, webhooks });
const judge = { judge: async () => {} };
const summariser = new Summariser({ dirtyHours, summary, judge, clock, logger: createLogger('test', 'silent') });

beforeAll(async () => {
  for (const repository of [attempts, hours, dirtyHours]) await repository.ensureIndexes();
});
afterAll(() => database.drop());

/** Counts until no hour is marked any more. */
async function countAll(): Promise<void> {
  while ((await database.db.collection('dirty_hours').countDocuments()) > 0) {
    clock.time += HOUR_MS;
    await summariser.countOne();
  }
}

/** What health means, said without the product's own code. */
function healthOf(records: readonly AttemptRecord[]): WebhookHealth {
  const times = (fits: (record: AttemptRecord) => boolean): number[] =>
    records
      .filter(fits)
      .map(({ at }) => at)
      .toSorted((a, b) => a - b);
  const requested = records.filter(({ outcome }) => outcome !== 'held');
  const enabledAt = enabled.get(records[0]?.webhookId ?? '');
  const lastSuccessAt = times(({ outcome }) => outcome === 'delivered').at(-1);
  const lastOtherAt = times((record) => requested.includes(record) && record.status !== 410).at(-1);
  const well = Math.max(lastSuccessAt ?? 0, enabledAt ?? 0);
  const failures = times(({ outcome, at }) => outcome === 'failed' && at > well);
  return {
    lastSuccessAt,
    lastFailureAt: times(({ outcome }) => outcome === 'failed').at(-1),
    failingSince: failures[0],
    failures: Math.min(failures.length, FAILURES_COUNTED),
    lastOtherAt,
    goneSince: times(({ status, at }) => status === 410 && at > well && at > (lastOtherAt ?? 0))[0],
    enabledAt,
  };
}

const outcome = fc.record({
  outcome: fc.oneof(fc.constantFrom('failed', 'gone'), fc.constantFrom('delivered', 'failed', 'gone', 'held')),
  // Many at the same time, and some in other hours.
  minute: fc.oneof(fc.nat(4), fc.nat(150)),
  ms: fc.integer({ min: 1, max: 5_000 }),
});

/** Attempts, the bulks in which they are projected (each attempt in one at least), and after which bulks hours are counted. */
const situation = fc.array(outcome, { minLength: 1, maxLength: 24 }).chain((outcomes) => {
  const place = fc.nat(outcomes.length - 1);
  return fc.record({
    outcomes: fc.constant(outcomes),
    order: fc.shuffledSubarray([...outcomes.keys()], { minLength: outcomes.length }),
    repeated: fc.array(place, { maxLength: 10 }),
    size: fc.integer({ min: 1, max: 6 }),
    counted: fc.array(fc.nat(6), { maxLength: 10 }),
    waits: fc.array(fc.boolean(), { maxLength: 10 }),
    enabledMinute: fc.option(fc.nat(150), { nil: undefined, freq: 3 }),
  });
});

describe('the summary of a webhook', () => {
  it('is what the attempts say, however they came: reordered, repeated, counted in between and at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        situation,
        async ({ outcomes, order, repeated, size, counted: counts, waits, enabledMinute }) => {
          const webhookId = randomUUID();
          if (enabledMinute !== undefined) enabled.set(webhookId, start + enabledMinute * 60_000);
          const all = outcomes.map(({ outcome: kind, minute, ms }) => {
            const given = { webhookId, at: start + minute * 60_000, timing: { totalMs: ms } };
            if (kind === 'failed') return aFailure(given);
            if (kind === 'gone') return aFailure({ ...given, status: 410 });
            return kind === 'held' ? anAttempt({ ...given, outcome: 'held' }) : anAttempt(given);
          });
          const projected = [...order, ...repeated].map((place) => all[place]!);
          const underway: Array<Promise<unknown>> = [];
          for (let bulk = 0; bulk * size < projected.length; bulk += 1) {
            clock.time += 10_000;
            underway.push(projection.write(projected.slice(bulk * size, (bulk + 1) * size)));
            if (waits[bulk]) await Promise.all(underway);
            clock.time += 10_000;
            for (const at of counts) if (at === bulk) underway.push(summariser.countOne());
          }
          await Promise.all(underway);
          await countAll();

          expect(await health.find(webhookId)).toEqual(healthOf(all));
          const counted = await hours.list(webhookId, { since: start, until: start + DAY_MS });
          const perHour = Map.groupBy(all, ({ at }) => hourOf(at));
          expect(counted).toEqual(
            [...perHour]
              .toSorted(([a], [b]) => a - b)
              .map(([hour, records]) => ({
                webhookId,
                hour,
                delivered: records.filter(({ outcome }) => outcome === 'delivered').length,
                failed: records.filter(({ outcome }) => outcome === 'failed').length,
                held: records.filter(({ outcome }) => outcome === 'held').length,
                skipped: 0,
                latency: histogramOf(records.filter(({ outcome }) => outcome !== 'held')),
              })),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('counts attempts whose hour was counted while they were being written', async () => {
    const webhookId = randomUUID();
    const writing = Promise.withResolvers<void>();
    const slow = new AttemptRepository(store, { keepMs: -1 });
    slow.insertMissing = async (records) => {
      await writing.promise;
      await attempts.insertMissing(records);
    };
    const written = new AttemptProjection(slow, dirtyHours).write([anAttempt({ webhookId, at: start })]);
    for (let round = 0; round < 5; round += 1) {
      clock.time += HOUR_MS;
      await summariser.countOne();
    }
    writing.resolve();
    await written;
    await countAll();
    expect(await hours.list(webhookId, { since: start, until: start + 1 })).toMatchObject([{ delivered: 1 }]);
  });

  it('is counted by nobody else while that takes long, and left to others when the app ends', async () => {
    const webhookId = randomUUID();
    await projection.write([anAttempt({ webhookId, at: start })]);
    clock.time += HOUR_MS;
    const claims: unknown[] = [];
    let atLast = async (): Promise<void> => undefined;
    const slow = new AttemptRepository(store, { keepMs: -1 });
    slow.countHour = async (id, hour, goOn) => {
      for (let part = 0; part < 10; part += 1) {
        clock.time += 30_000;
        await goOn?.();
        claims.push(await dirtyHours.claim(60_000));
      }
      await atLast();
      return (await goOn?.()) ? attempts.countHour(id, hour) : undefined;
    };
    const slowly = new Summariser({
      dirtyHours,
      summary: new WebhookSummary({ attempts: slow, hours, health, webhooks }),
      judge,
      clock,
      logger: createLogger('test', 'silent'),
    });
    const counted = (): Promise<unknown[]> => hours.list(webhookId, { since: start, until: start + 1 });
    atLast = () => slowly.stop();
    expect(await slowly.countOne()).toBe(false);
    expect([claims.length, claims.every((claim) => claim === undefined)]).toEqual([10, true]);
    expect(await counted()).toEqual([]);
    await countAll();
    expect(await counted()).toMatchObject([{ delivered: 1 }]);
  });

  it('is not cleared by a counting that had not seen what came during it', async () => {
    const webhookId = randomUUID();
    await projection.write([anAttempt({ webhookId, at: start })]);
    clock.time += HOUR_MS;
    const dirty = await dirtyHours.claim(60_000);
    const seen = await attempts.countHour(webhookId, start);
    await projection.write([aFailure({ webhookId, at: start + 1 })]);
    if (seen) await hours.put(seen);
    if (dirty) await dirtyHours.counted(dirty, 0);
    await countAll();
    expect(await hours.list(webhookId, { since: start, until: start + 1 })).toMatchObject([
      { delivered: 1, failed: 1 },
    ]);
    expect(await health.find(webhookId)).toEqual({
      ...NO_HEALTH,
      lastSuccessAt: start,
      lastFailureAt: start + 1,
      failingSince: start + 1,
      failures: 1,
      lastOtherAt: start + 1,
    });
  });

  it('does not let a failure in the millisecond of the last success hide the one after it', async () => {
    const webhookId = randomUUID();
    await attempts.insertMissing([
      anAttempt({ webhookId, at: start + 5 }),
      aFailure({ webhookId, at: start + 5 }),
      aFailure({ webhookId, at: start + 9 }),
    ]);
    await summary.count({ webhookId, hour: start, token: '' });
    expect((await health.find(webhookId)).failingSince).toBe(start + 9);
  });

  it('keeps since when a webhook fails although the first failures have expired', async () => {
    const webhookId = randomUUID();
    const [first, second] = [aFailure({ webhookId, at: start + 5 }), aFailure({ webhookId, at: start + 9 })];
    const count = (): Promise<boolean> => summary.count({ webhookId, hour: start, token: '' });
    await attempts.insertMissing([first]);
    await count();
    await database.db.collection<{ _id: string }>('attempts').deleteOne({ _id: first.id });
    await attempts.insertMissing([second]);
    await count();
    expect(await health.find(webhookId)).toMatchObject({
      lastSuccessAt: undefined,
      lastFailureAt: start + 9,
      failingSince: start + 5,
    });
  });
});

function histogramOf(records: readonly AttemptRecord[]): Map<number, number> {
  const histogram = new Map<number, number>();
  for (const { timing } of records) {
    const bucket = latencyBucket(timing.totalMs);
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
  }
  return histogram;
}
