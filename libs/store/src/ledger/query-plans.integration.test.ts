import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ATTEMPT_RESULTS } from '#libs/domain';
import type { Document } from 'mongodb';

import { anAttempt } from '../../testing/attempts.ts';
import { TestDatabase } from '../../testing/database.ts';
import { planOf } from '../../testing/query-plan.ts';
import { STATUS_CLASSES } from './attempt-facets.ts';
import { type AttemptQuery, AttemptRepository, deliveredPipeline, listPipeline } from './attempt-repository.ts';
import { DeadLetterRepository } from './dead-letter-repository.ts';
import { DirtyHourRepository } from './dirty-hour-repository.ts';
import { RejectedEventRepository } from './rejected-event-repository.ts';
import { keyRange, sortKey } from './sort-key.ts';
import { WebhookHourRepository } from './webhook-hour-repository.ts';

const PAGE = 101;
const start = Date.UTC(2026, 0, 1);
const database = new TestDatabase('plans');
const webhookId = randomUUID();
const cursor = { before: sortKey(start + 600, 'x') };
const keepMs = -1;

beforeAll(async () => {
  const attempts = new AttemptRepository(database.store, { keepMs });
  await Promise.all([
    attempts.ensureIndexes(),
    new DeadLetterRepository(database.store).ensureIndexes(),
    new RejectedEventRepository(database.store).ensureIndexes(),
    new WebhookHourRepository(database.store, { keepMs }).ensureIndexes(),
    new DirtyHourRepository(database.store, { now: () => start }).ensureIndexes(),
  ]);
  const others = [randomUUID(), randomUUID()];
  const all = Array.from({ length: 1_000 }, (_, index) =>
    anAttempt({
      webhookId: index % 4 === 3 ? others[index % 8 === 3 ? 0 : 1]! : webhookId,
      at: start + index,
      eventId: `event-${index % 500}`,
      eventType: ['call_hangup', 'message_created', 'queue_updated'][index % 3]!,
      outcome: ATTEMPT_RESULTS[index % 5] ?? 'delivered',
      status: [200, 503, undefined, 404, 301, 201][index % 7],
    }),
  );
  for (let from = 0; from < all.length; from += 100) await attempts.insertMissing(all.slice(from, from + 100));
});

afterAll(() => database.drop());

/** The index answers every condition, so that nothing but the page is read; where the server counts, it says so itself. */
function expectBacked(explained: Document, index: readonly string[], residual: readonly string[] = []): void {
  const plan = planOf(explained);
  expect(plan).toMatchObject({ index, residual });
  if (plan.measured && residual.length === 0) {
    expect(plan.measured.examined).toBeLessThanOrEqual(PAGE);
    expect(plan.measured.sorted).toBe(false);
  }
}

describe("a page of a webhook's attempts", () => {
  const list = (query: Partial<AttemptQuery>): Promise<Document> =>
    database.db
      .collection('attempts')
      .aggregate([...listPipeline({ webhookId, limit: PAGE, ...query })])
      .explain('executionStats');

  const narrowings = [undefined, ...ATTEMPT_RESULTS].flatMap((outcome) =>
    [undefined, ...STATUS_CLASSES].flatMap((status) =>
      [undefined, 'call_hangup'].map((eventType) => ({ outcome, status, eventType })),
    ),
  );
  const spans = [{}, cursor, { since: start + 100 }, { since: start + 100, until: start + 900, ...cursor }];

  it('is one range of one index, for every combination of outcome, status and event type, in any span of time', async () => {
    for (const narrowing of narrowings) {
      for (const span of [spans[0], spans[3]]) {
        expectBacked(await list({ ...narrowing, ...span }), ['webhook_id', 'facets', 'sort_key']);
      }
    }
  });

  it('is one range of another index for one event, whose few attempts are looked at for what else is asked', async () => {
    const index = ['event_id', 'webhook_id', 'sort_key'];
    for (const span of spans) expectBacked(await list({ eventId: 'event-8', ...span }), index);
  });

  it('would not be found by these tests to be backed if it were not', async () => {
    const explained = await database.db
      .collection('attempts')
      .find({ webhook_id: webhookId, resource_type: 'call', sort_key: { $gt: '' } })
      .explain('executionStats');
    expect(() => expectBacked(explained, ['webhook_id', 'facets', 'sort_key'])).toThrow();
  });
});

describe('the other reads', () => {
  const explain = (collection: string, filter: Document, order: Record<string, 1 | -1>): Promise<Document> =>
    database.db.collection(collection).find(filter, { sort: order, limit: PAGE }).explain('executionStats');

  it('have an index: what a webhook has taken', async () => {
    const delivered = await database.db
      .collection('attempts')
      .aggregate([...deliveredPipeline(webhookId, ['event-1', 'event-2'])])
      .explain('executionStats');
    expect(planOf(delivered).index).toEqual(['event_id', 'webhook_id', 'sort_key']);
  });

  it('have an index: dead letters, rejected events, hours, an event, due marks', async () => {
    const range = keyRange(cursor);
    expectBacked(await explain('dead_letters', { webhook_id: webhookId }, { sort_key: -1 }), [
      'webhook_id',
      'sort_key',
    ]);
    expectBacked(await explain('dead_letters', { webhook_id: webhookId, sort_key: range }, { sort_key: -1 }), [
      'webhook_id',
      'sort_key',
    ]);
    expectBacked(await explain('rejected_events', {}, { sort_key: -1 }), ['sort_key']);
    expectBacked(await explain('rejected_events', { sort_key: range }, { sort_key: -1 }), ['sort_key']);
    const hour = { $gte: new Date(start), $lt: new Date(start + 1) };
    expectBacked(await explain('webhook_hours', { webhook_id: webhookId, hour }, { hour: 1 }), ['webhook_id', 'hour']);
    expectBacked(await explain('attempts', { event_id: 'event-8' }, { webhook_id: -1, sort_key: -1 }), [
      'event_id',
      'webhook_id',
      'sort_key',
    ]);
    expectBacked(
      await explain('dead_letters', { webhook_id: webhookId, sort_key: { $gt: '', $lte: 'x' } }, { sort_key: 1 }),
      ['webhook_id', 'sort_key'],
    );
    expectBacked(await explain('dirty_hours', { due_at: { $lte: new Date(start) } }, { due_at: 1 }), ['due_at']);
  });
});
