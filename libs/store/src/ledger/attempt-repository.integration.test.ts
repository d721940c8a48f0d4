import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ATTEMPT_RESULTS, type AttemptRecord, HOUR_MS, latencyBucket } from '#libs/domain';

import { aFailure, anAttempt } from '../../testing/attempts.ts';
import { TestDatabase } from '../../testing/database.ts';
import { STATUS_CLASSES } from './attempt-facets.ts';
import { type AttemptQuery, AttemptRepository } from './attempt-repository.ts';
import { sortKey } from './sort-key.ts';

/** Long enough that the server does not remove what the tests look for. */
const KEEP_MS = 50 * 365 * 86_400_000;
const database = new TestDatabase('attempts');
const attempts = new AttemptRepository(database.store, { keepMs: KEEP_MS });
const documents = database.db.collection<{ _id: string }>('attempts');
const start = Date.UTC(2026, 0, 1);

beforeAll(() => attempts.ensureIndexes());
afterAll(() => database.drop());

const pages = async (query: Omit<AttemptQuery, 'before' | 'limit'>, limit: number): Promise<AttemptRecord[]> => {
  const all: AttemptRecord[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await attempts.list({ ...query, before: last && sortKey(last.at, last.id), limit });
    all.push(...page);
    if (page.length < limit) return all;
  }
};

describe('writing attempts', () => {
  it('again, alone or among new ones, changes nothing', async () => {
    const webhookId = randomUUID();
    const [first, second, third] = [anAttempt({ webhookId }), aFailure({ webhookId }), anAttempt({ webhookId })];
    await attempts.insertMissing([first, second]);
    await attempts.insertMissing([second, { ...first, message: 'another' }, third, third]);
    await attempts.insertMissing([first, second, third]);
    await attempts.insertMissing([]);
    expect(await attempts.list({ webhookId, limit: 10 })).toEqual([third, second, first]);
  });

  it('creates its indexes again without complaint, and documents expire at a time of their own', async () => {
    await attempts.ensureIndexes();
    expect(await documents.indexes()).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'expiry', expireAfterSeconds: 0 })]),
    );
    const record = anAttempt();
    await attempts.insertMissing([record]);
    expect(await documents.findOne({ _id: record.id })).toMatchObject({ expires_at: new Date(record.at + KEEP_MS) });
  });
});

describe("the list of a webhook's attempts", () => {
  const webhookId = randomUUID();
  const types = ['call_hangup', 'message_created'];
  const statuses = [200, 204, 301, 404, 503, undefined];
  const all = Array.from({ length: 240 }, (_, index) =>
    anAttempt({
      webhookId,
      // Several share a millisecond: the order among them is by id.
      at: start + Math.floor(index / 7),
      eventId: `listed-${index % 50}`,
      eventType: types[index % 2]!,
      outcome: ATTEMPT_RESULTS[index % 4]!,
      status: statuses[index % 6],
    }),
  );

  beforeAll(async () => {
    await attempts.insertMissing(all);
    await attempts.insertMissing(
      all.map((record) => ({ ...record, id: `other-${record.id}`, webhookId: randomUUID() })),
    );
  });

  const wanted = (query: Omit<AttemptQuery, 'limit'>): string[] =>
    all
      .filter(
        ({ outcome, status, eventType, eventId, at }) =>
          (query.outcome ?? outcome) === outcome &&
          (query.status ?? (status ? `${Math.floor(status / 100)}xx` : 'none')) ===
            (status ? `${Math.floor(status / 100)}xx` : 'none') &&
          (query.eventType ?? eventType) === eventType &&
          (query.eventId ?? eventId) === eventId &&
          at >= (query.since ?? 0) &&
          at < (query.until ?? Number.POSITIVE_INFINITY),
      )
      .toSorted((a, b) => (sortKey(a.at, a.id) < sortKey(b.at, b.id) ? 1 : -1))
      .map(({ id }) => id);

  const spans = [{}, { since: start + 5 }, { until: start + 20 }, { since: start + 5, until: start + 20 }];
  const narrowings = [undefined, ...ATTEMPT_RESULTS].flatMap((outcome) =>
    [undefined, ...STATUS_CLASSES].map((status) => ({ outcome, status })),
  );

  it.each(spans)('has exactly what every combination of filters asks for, the newest first, in %j', async (span) => {
    for (const narrowing of narrowings) {
      for (const eventType of [undefined, 'call_hangup', 'unknown']) {
        const query = { webhookId, ...narrowing, eventType, ...span };
        expect((await attempts.list({ ...query, limit: 1_000 })).map(({ id }) => id)).toEqual(wanted(query));
      }
    }
    for (const eventId of ['listed-0', 'listed-1', 'unknown']) {
      for (const outcome of [undefined, ...ATTEMPT_RESULTS]) {
        const query = { webhookId, eventId, outcome, ...span };
        expect((await attempts.list({ ...query, limit: 1_000 })).map(({ id }) => id)).toEqual(wanted(query));
      }
    }
  });

  it('has each attempt once when it is read page by page, also across one millisecond', async () => {
    expect((await pages({ webhookId }, 3)).map(({ id }) => id)).toEqual(wanted({ webhookId }));
    const failed = { webhookId, outcome: 'failed' as const, since: start + 2, until: start + 30 };
    expect((await pages(failed, 4)).map(({ id }) => id)).toEqual(wanted(failed));
  });
});

describe('what became of an event', () => {
  it('is told webhook by webhook: the newest entry, the requests made, the first success', async () => {
    const [one, two, eventId, customerId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const entries = [
      aFailure({ webhookId: one, eventId, customerId, at: start + 1 }),
      anAttempt({ webhookId: one, eventId, customerId, at: start + 2, outcome: 'held', status: undefined }),
      anAttempt({ webhookId: one, eventId, customerId, at: start + 3, attempt: 2 }),
      anAttempt({ webhookId: one, eventId, customerId, at: start + 4, attempt: 2 }),
      aFailure({ webhookId: two, eventId, customerId, at: start + 5, next: 'dead_letter' }),
      anAttempt({ webhookId: one, customerId, at: start + 9 }),
    ];
    await attempts.insertMissing(entries.toReversed());
    const told = await attempts.deliveriesOf(eventId);
    expect(told.toSorted((a, b) => (a.newest.webhookId === one ? -1 : b.attempts))).toEqual([
      { newest: entries[3], attempts: 3, deliveredAt: start + 3 },
      { newest: entries[4], attempts: 1, deliveredAt: undefined },
    ]);
    expect(await attempts.deliveriesOf(eventId, customerId)).toHaveLength(2);
    expect(await attempts.deliveriesOf(eventId, randomUUID())).toEqual([]);
    expect(await attempts.deliveriesOf(randomUUID())).toEqual([]);
  });
});

describe('the count of an hour', () => {
  it('has what happened from its first to its last millisecond, and latencies of requests only', async () => {
    const webhookId = randomUUID();
    const inside = [
      anAttempt({ webhookId, at: start, timing: { totalMs: 10 } }),
      anAttempt({ webhookId, at: start + 1, timing: { totalMs: 10 } }),
      aFailure({ webhookId, at: start + HOUR_MS - 1, timing: { totalMs: 5_000 } }),
      anAttempt({ webhookId, at: start + 2, outcome: 'held', timing: { totalMs: 0 } }),
      anAttempt({ webhookId, at: start + 3, outcome: 'skipped', timing: { totalMs: 0 } }),
    ];
    const outside = [anAttempt({ webhookId, at: start - 1 }), anAttempt({ webhookId, at: start + HOUR_MS })];
    await attempts.insertMissing([...inside, ...outside, anAttempt({ at: start })]);
    const counted = await attempts.countHour(webhookId, start);
    expect(counted).toMatchObject({ webhookId, hour: start, delivered: 2, failed: 1, held: 1, skipped: 1 });
    expect(counted?.latency).toEqual(
      new Map([
        [latencyBucket(10), 2],
        [latencyBucket(5_000), 1],
      ]),
    );
    expect(await attempts.countHour(webhookId, start + 5 * HOUR_MS)).toMatchObject({
      delivered: 0,
      latency: new Map(),
    });
  });

  it('is the same when there are more than are counted at once, several of them in one millisecond', async () => {
    const webhookId = randomUUID();
    const times = [0, 0, 0, 1, 2, 60_000, 60_000, HOUR_MS / 2, HOUR_MS - 1, HOUR_MS - 1];
    await attempts.insertMissing([
      ...times.map((at) => anAttempt({ webhookId, at: start + at, timing: { totalMs: 10 } })),
      aFailure({ webhookId, at: start + 60_000, timing: { totalMs: 10 } }),
    ]);
    const few = new AttemptRepository(database.store, { keepMs: -1, countedAtOnce: 2 });
    const counted = await few.countHour(webhookId, start);
    expect(counted).toMatchObject({ delivered: times.length, failed: 1 });
    expect(counted).toEqual(await attempts.countHour(webhookId, start));
    let asked = 0;
    const once = async (): Promise<boolean> => (asked += 1) === 1;
    expect(await few.countHour(webhookId, start, once)).toBeUndefined();
  });

  it('goes with the newest and the oldest that came out so, from a time on', async () => {
    const webhookId = randomUUID();
    await attempts.insertMissing([
      anAttempt({ webhookId, at: start + 1 }),
      aFailure({ webhookId, at: start + 2 }),
      aFailure({ webhookId, at: start + 3 }),
      anAttempt({ webhookId, at: start + 3 }),
    ]);
    expect(await attempts.newestAt(webhookId, 'delivered', 0)).toBe(start + 3);
    expect(await attempts.newestAt(webhookId, 'failed', start + 3)).toBe(start + 3);
    expect(await attempts.newestAt(webhookId, 'failed', start + 4)).toBeUndefined();
    expect(await attempts.oldestAt(webhookId, 'failed', 0)).toBe(start + 2);
    expect(await attempts.oldestAt(webhookId, 'failed', start + 3)).toBe(start + 3);
  });
});

describe('what a webhook has taken', () => {
  it('is told of some events, whichever attempt it was', async () => {
    const [webhookId, other] = [randomUUID(), randomUUID()];
    const [taken, late, failed, elsewhere] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await attempts.insertMissing([
      anAttempt({ webhookId, eventId: taken }),
      aFailure({ webhookId, eventId: late }),
      anAttempt({ webhookId, eventId: late, attempt: 2 }),
      aFailure({ webhookId, eventId: failed }),
      anAttempt({ webhookId: other, eventId: elsewhere }),
    ]);
    const asked = [taken, late, failed, elsewhere, randomUUID()];
    expect(await attempts.deliveredAmong(webhookId, asked)).toEqual(new Set([taken, late]));
    expect(await attempts.deliveredAmong(webhookId, [])).toEqual(new Set());
  });
});

describe('what became of a replay', () => {
  it('counts each event once: delivered, also after it was given up or was repeated; or given up', async () => {
    const replayId = randomUUID();
    const dead = { replayId, next: 'dead_letter', nextReason: 'schedule_used_up' } as const;
    await attempts.insertMissing([
      anAttempt({ replayId, eventId: 'twice' }),
      anAttempt({ replayId, eventId: 'twice' }),
      aFailure({ replayId, eventId: 'late' }),
      anAttempt({ replayId, eventId: 'late', attempt: 2 }),
      aFailure({ ...dead, eventId: 'dead' }),
      aFailure({ ...dead, eventId: 'repeated' }),
      anAttempt({ replayId, eventId: 'repeated' }),
      aFailure({ replayId, eventId: 'waiting' }),
      anAttempt({ eventId: 'waiting' }),
      anAttempt({ replayId: randomUUID(), eventId: 'dead' }),
    ]);
    expect(await attempts.outcomeOf(replayId, 100)).toEqual({ delivered: 3, deadLetters: 1 });
    const { delivered, deadLetters } = await attempts.outcomeOf(replayId, 2);
    expect(delivered + deadLetters).toBeLessThanOrEqual(2);
    expect(await attempts.outcomeOf(randomUUID(), 100)).toEqual({ delivered: 0, deadLetters: 0 });
  });
});
