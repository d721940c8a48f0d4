import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AttemptRecord,
  CodedError,
  type PendingControl,
  UnavailableError,
  type WebhookEvent,
  type WebhookStatus,
} from '#libs/domain';
import { EventCodec, EventEncoder, loadCatalogue, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';
import type { OutgoingRecord } from '#libs/kafka';
import { createLogger } from '#libs/runtime';
import {
  AttemptRepository,
  type StoredWebhook,
  WebhookChangeRepository,
  WebhookHealthRepository,
  WebhookHourRepository,
  WebhookRepository,
  WebhookStatusRepository,
  withChange,
} from '#libs/store';

import { aFailure, anAttempt } from '../../../../libs/store/testing/attempts.ts';
import { TestDatabase } from '../../../../libs/store/testing/database.ts';
import { aWebhook } from '../../../../libs/store/testing/webhooks.ts';
import { WebhookSummary } from '../summarise/webhook-summary.ts';
import { NoticeSender } from './notice-sender.ts';
import { NoticeSweeper } from './notice-sweeper.ts';
import { WebhookJudge } from './webhook-judge.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const start = Date.UTC(2026, 0, 1);
const clock = { time: start + 30 * DAY_MS, now: () => clock.time };
const database = new TestDatabase('judge');
const { store } = database;
const logger = createLogger('test', 'silent');
const webhooks = new WebhookRepository(store, clock);
const statuses = new WebhookStatusRepository(store, clock);
const changes = new WebhookChangeRepository(store, clock);
const health = new WebhookHealthRepository(store);
const attempts = new AttemptRepository(store, { keepMs: -1 });
const hours = new WebhookHourRepository(store, { keepMs: -1 });
const summary = new WebhookSummary({ attempts, hours, health, webhooks });
const catalogue = loadCatalogue(join(import.meta.dirname, '../../../../schemas'));
const registry = registryAddress(process.env['SCHEMA_REGISTRY_URL'] ?? '');
const encoder = new EventEncoder(catalogue, registry);
const codec = new EventCodec(new RegistryWriterSchemas(registry), clock);

/** Kafka, as far as it goes: what was sent, and whether it answers. */
class Sent {
  readonly steps: string[] = [];
  readonly records: OutgoingRecord[] = [];
  /** The steps, counted from 1, after which the process is gone or Kafka away: nothing more is done. */
  endsAfter = Number.POSITIVE_INFINITY;
  private readonly marks: Pick<WebhookRepository, 'told'>;

  constructor(marks: Pick<WebhookRepository, 'told'>) {
    this.marks = marks;
  }

  async announce(pending: PendingControl): Promise<void> {
    this.step('control');
    await this.marks.told(pending);
  }

  async send(record: OutgoingRecord) {
    this.step('event');
    this.records.push(record);
    return { topic: record.topic, partition: 0, offset: this.records.length };
  }

  async events(): Promise<WebhookEvent[]> {
    const decoded = await Promise.all(this.records.map(async ({ value }) => codec.decode(value ?? Buffer.alloc(0))));
    return decoded.flatMap((result) => (result.kind === 'event' ? [result.event] : []));
  }

  private step(name: string): void {
    if (this.steps.length >= this.endsAfter) throw new UnavailableError('kafka', 'away');
    this.steps.push(name);
  }
}

function aJudge(sent: Sent, given: { statuses?: WebhookStatusRepository; disableAfterMs?: number } = {}) {
  const sender = new NoticeSender({ topic: 'events', catalogue, encoder, producer: sent, announcer: sent, statuses });
  const judge = new WebhookJudge({
    webhooks,
    statuses: given.statuses ?? statuses,
    health,
    attempts,
    sender,
    disableAfterMs: given.disableAfterMs ?? 5 * DAY_MS,
    clock,
    logger,
  });
  return { judge, sweeper: new NoticeSweeper({ statuses, sender, logger }) };
}

async function stored(): Promise<StoredWebhook> {
  const webhook = aWebhook();
  await webhooks.told(await webhooks.insert(webhook));
  return webhook;
}

/** `count` failures, evenly from `from` to `from + ms`. */
function failures(webhook: StoredWebhook, count: number, from: number, ms: number, status = 503): AttemptRecord[] {
  return Array.from({ length: count }, (_, index) =>
    aFailure({ webhookId: webhook.id, at: from + Math.round((ms * index) / Math.max(1, count - 1)), status }),
  );
}

async function seen(webhook: StoredWebhook, records: readonly AttemptRecord[]): Promise<void> {
  await attempts.insertMissing(records);
  await summary.count({ webhookId: webhook.id, hour: start, token: '' });
}

const dataOf = (event: WebhookEvent | undefined): unknown => JSON.parse(event?.body.toString() ?? '{}').data;
async function turn({ id }: StoredWebhook, status: WebhookStatus): Promise<void> {
  await changes.change({ id }, (webhook, now) => withChange(webhook, { status }, now));
}

const stateOf = async ({ id }: StoredWebhook) => (await webhooks.find(id))?.status;

beforeAll(async () => {
  for (const repository of [webhooks, statuses, attempts, hours]) await repository.ensureIndexes();
});
afterAll(() => database.drop());

describe('a webhook that fails', () => {
  it('has its customer warned once, is disabled in the end, and both are told as events that fit the schema', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    const { judge } = aJudge(sent);
    await seen(webhook, failures(webhook, 3, start, DAY_MS));
    await judge.judge(webhook.id);
    expect(sent.steps).toEqual([]);

    await seen(webhook, failures(webhook, 2, start + DAY_MS + 1, 5));
    await judge.judge(webhook.id);
    await seen(webhook, failures(webhook, 14, start + 2 * DAY_MS, 3 * DAY_MS));
    await judge.judge(webhook.id);
    expect([sent.steps, await stateOf(webhook)]).toEqual([['event'], 'active']);

    await seen(webhook, failures(webhook, 1, start + 5 * DAY_MS + 1, 0));
    await judge.judge(webhook.id);
    await judge.judge(webhook.id);
    expect([sent.steps, await stateOf(webhook)]).toEqual([['event', 'control', 'event'], 'disabled']);
    expect(sent.records.map(({ topic, key }) => [topic, key])).toEqual([
      ['events', webhook.customerId],
      ['events', webhook.customerId],
    ]);
    const [failing, disabled] = await sent.events();
    expect(failing).toMatchObject({ type: 'webhook_failing', resourceType: 'webhook', resourceId: webhook.id });
    const shown = {
      id: webhook.id,
      customer_id: webhook.customerId,
      url: webhook.url,
      event_types: webhook.eventTypes,
      failing_since: new Date(start).toISOString(),
      last_status: 503,
      last_error: 'http_status',
      tm_create: new Date(webhook.createdAt).toISOString(),
    };
    expect(dataOf(failing)).toEqual({
      ...shown,
      status: 'active',
      disabled_reason: null,
      disabled_at: null,
      attempts: 5,
      last_failure_at: new Date(start + DAY_MS + 6).toISOString(),
      disables_at: new Date(start + 5 * DAY_MS).toISOString(),
      tm_update: new Date(webhook.updatedAt).toISOString(),
    });
    const now = new Date(clock.time).toISOString();
    expect(dataOf(disabled)).toEqual({
      ...shown,
      status: 'disabled',
      disabled_reason: 'failing',
      disabled_at: now,
      attempts: 20,
      last_failure_at: new Date(start + 5 * DAY_MS + 1).toISOString(),
      disables_at: null,
      tm_update: now,
    });
    expect(await webhooks.find(webhook.id)).toMatchObject({ disabledReason: 'failing', disabledAt: clock.time });
  });

  it('is warned of again in its next failing period, after a success', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    const { judge } = aJudge(sent);
    await seen(webhook, failures(webhook, 5, start, DAY_MS));
    await judge.judge(webhook.id);
    await seen(webhook, [anAttempt({ webhookId: webhook.id, at: start + 2 * DAY_MS })]);
    await judge.judge(webhook.id);
    await seen(webhook, failures(webhook, 5, start + 3 * DAY_MS, DAY_MS));
    await judge.judge(webhook.id);
    await judge.judge(webhook.id);
    expect((await sent.events()).map(({ type }) => type)).toEqual(['webhook_failing', 'webhook_failing']);
    expect(await stateOf(webhook)).toBe('active');
  });

  it('that was not warned of in time is warned of just before', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    await seen(webhook, failures(webhook, 20, start, 5 * DAY_MS));
    await aJudge(sent).judge.judge(webhook.id);
    expect(sent.steps).toEqual(['control', 'event', 'event']);
    expect((await sent.events()).map(({ type }) => type)).toEqual(['webhook_failing', 'webhook_disabled']);
  });

  it('is not disabled for what was before it was enabled again', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    const { judge } = aJudge(sent);
    await seen(webhook, failures(webhook, 25, start, 6 * DAY_MS));
    await judge.judge(webhook.id);
    expect(await stateOf(webhook)).toBe('disabled');
    clock.time = start + 7 * DAY_MS;
    await turn(webhook, 'active');
    // The ledger reads everything again, from the start.
    await seen(webhook, failures(webhook, 5, start + 8 * DAY_MS, 10));
    await judge.judge(webhook.id);
    expect(await stateOf(webhook)).toBe('active');
    await seen(webhook, failures(webhook, 20, start + 9 * DAY_MS, 5 * DAY_MS));
    await judge.judge(webhook.id);
    expect(await stateOf(webhook)).toBe('disabled');
  });

  it('is left alone when it was enabled again between the reading and the writing', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    await seen(webhook, failures(webhook, 25, start, 6 * DAY_MS));
    clock.time = start + 30 * DAY_MS;
    const slow = new WebhookStatusRepository(store, clock);
    slow.disableJudged = async (judged, given) => {
      await turn(webhook, 'disabled');
      await turn(webhook, 'active');
      return statuses.disableJudged(judged, given);
    };
    await aJudge(sent, { statuses: slow }).judge.judge(webhook.id);
    expect([sent.steps, await stateOf(webhook)]).toEqual([[], 'active']);
  });
});

describe('an endpoint that answers 410', () => {
  it.each([
    [
      'twice, a minute apart',
      [
        [410, 0],
        [410, MINUTE_MS],
      ],
      'disabled',
    ],
    [
      'twice, within a minute',
      [
        [410, 0],
        [410, MINUTE_MS - 1],
      ],
      'active',
    ],
    [
      'with another failure in between',
      [
        [410, 0],
        [503, 1_000],
        [410, MINUTE_MS],
      ],
      'active',
    ],
    [
      'with a success in between',
      [
        [410, 0],
        [200, 1_000],
        [410, MINUTE_MS],
      ],
      'active',
    ],
    [
      'before and after another failure, then for a minute',
      [
        [410, 0],
        [503, 1_000],
        [410, 2_000],
        [410, MINUTE_MS + 2_000],
      ],
      'disabled',
    ],
    [
      'after other failures',
      [
        [503, 0],
        [410, 1_000],
        [410, 2_000],
        [410, MINUTE_MS + 1_000],
      ],
      'disabled',
    ],
    [
      'and later something else',
      [
        [410, 0],
        [410, MINUTE_MS],
        [503, MINUTE_MS + 1],
      ],
      'active',
    ],
  ] as const)('%s', async (_case, answers, status) => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    const webhookId = webhook.id;
    const records = answers.map(([answer, ms]) =>
      answer === 200
        ? anAttempt({ webhookId, at: start + ms })
        : aFailure({ webhookId, at: start + ms, status: answer }),
    );
    await seen(webhook, records);
    await aJudge(sent).judge.judge(webhookId);
    expect(await stateOf(webhook)).toBe(status);
    const events = await sent.events();
    expect(events.map(({ type }) => type)).toEqual(status === 'disabled' ? ['webhook_disabled'] : []);
    if (status === 'disabled') expect(dataOf(events[0])).toMatchObject({ disabled_reason: 'gone', last_status: 410 });
  });
});

describe('a webhook with more failures than can be counted in time', () => {
  it('has as many told as can', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    await seen(webhook, failures(webhook, 25, start, 6 * DAY_MS));
    const { failuresSince } = attempts;
    attempts.failuresSince = async (_webhookId, _from, limit) => limit;
    await aJudge(sent).judge.judge(webhook.id);
    attempts.failuresSince = failuresSince;
    const events = await sent.events();
    expect(events.map(dataOf)).toEqual([
      expect.objectContaining({ status: 'active', attempts: 100_000 }),
      expect.objectContaining({ status: 'disabled', attempts: 100_000 }),
    ]);
  });
});

describe('a crash', () => {
  // The steps: the control records, the warning, the event.
  it.each([0, 1, 2, 3])('after %d steps of telling loses none of them', async (steps) => {
    const webhook = await stored();
    const crashed = new Sent(webhooks);
    crashed.endsAfter = steps;
    await seen(webhook, failures(webhook, 25, start, 6 * DAY_MS));
    await aJudge(crashed).judge.judge(webhook.id);
    const restarted = new Sent(webhooks);
    const { judge, sweeper } = aJudge(restarted);
    await judge.judge(webhook.id);
    clock.time += 5_001;
    await sweeper.sweep();
    await sweeper.sweep();
    const events = [...(await crashed.events()), ...(await restarted.events())];
    expect(events.map(({ type }) => type)).toEqual(['webhook_failing', 'webhook_disabled']);
    expect([...crashed.steps, ...restarted.steps]).toEqual(['control', 'event', 'event']);
    expect(await statuses.pendingNotices(0)).toEqual([]);
  });

  it('leaves nobody untold because another one cannot be told', async () => {
    const [broken, other] = [await stored(), await stored()];
    const crashed = new Sent(webhooks);
    crashed.endsAfter = 0;
    for (const webhook of [broken, other]) {
      await seen(webhook, failures(webhook, 2, start, 2 * MINUTE_MS, 410));
      await aJudge(crashed).judge.judge(webhook.id);
    }
    clock.time += 5_001;
    const sent = new Sent(webhooks);
    const { sweeper } = aJudge(sent);
    const { announce } = sent;
    sent.announce = async (pending) => {
      if (pending.webhookId === broken.id) throw new CodedError('RECORD_TOO_LARGE', 'too large');
      await announce.call(sent, pending);
    };
    expect(await sweeper.sweep()).toBe(1);
    expect((await sent.events()).map(({ resourceId }) => resourceId)).toEqual([other.id]);
    sent.announce = announce;
    expect(await sweeper.sweep()).toBe(1);
  });

  it('between sending and crossing off sends the same event again', async () => {
    const webhook = await stored();
    const sent = new Sent(webhooks);
    await seen(webhook, failures(webhook, 2, start, 2 * MINUTE_MS, 410));
    const { noticed } = statuses;
    statuses.noticed = async () => {
      throw new UnavailableError('mongodb', 'away');
    };
    await aJudge(sent).judge.judge(webhook.id);
    statuses.noticed = noticed;
    clock.time += 5_001;
    await aJudge(sent).sweeper.sweep();
    const ids = (await sent.events()).map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    expect(sent.records[0]?.value).toEqual(sent.records[1]?.value);
  });
});
