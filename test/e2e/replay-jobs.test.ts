import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Store } from '#libs/store';

import type { App } from '../../deploy/local/apps.ts';
import { eventually } from '../support/world/eventually.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Replay {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly progress: Readonly<Record<'read' | 'total' | 'matched' | 'sent' | 'delivered', number>>;
}

const AT_ONCE = 500;

let world: World;
let retry: App;

beforeAll(async () => {
  world = await World.open({ WEBHOOK_CONCURRENCY: '200' }, ['config', 'delivery', 'ledger']);
});

afterEach(() => retry.stop());
afterAll(() => world.close());

async function startRetry(rate: number): Promise<void> {
  retry = await world.start('retry', { REPLAY_RATE: String(rate) });
  await retry.ready();
}

/** Puts events into the log; before there is a webhook, so that nobody gets them. */
async function logged(customer: TestCustomer, count: number): Promise<Set<string>> {
  const events = Array.from({ length: count }, () => world.sample('call_updated', customer.id));
  for (let first = 0; first < count; first += AT_ONCE) {
    await Promise.all(events.slice(first, first + AT_ONCE).map((event) => world.produce(event)));
  }
  return new Set(events.map(({ id }) => id));
}

async function replayOf(
  customer: TestCustomer,
  webhookId: string,
  since: string,
  only: 'failed' | 'all' = 'failed',
): Promise<Replay> {
  const json = { since, until: new Date(Date.now() + 1_000).toISOString(), only };
  const answer = await customer.http.post<Replay>(`webhooks/${webhookId}/replays`, { json, responseType: 'json' });
  expect(answer.statusCode).toBe(202);
  return answer.body;
}

/** For 10,000 attempts: on a busy machine the embedded database has been seen to take 40 a second. */
const LEDGER_LIMIT_MS = 300_000;

/** A database that shares two cores with all tests may be too busy to count deliveries; the answer says when to ask again. */
async function replayNow(customer: TestCustomer, id: string): Promise<Replay> {
  for (;;) {
    const { statusCode, headers, body } = await customer.http.get<Replay>(`replays/${id}`, { responseType: 'json' });
    if (statusCode === 503) {
      await pauseFor(Number(headers['retry-after']) * 1_000);
      continue;
    }
    expect([statusCode, body]).toMatchObject([200, { id }]);
    return body;
  }
}

const until = (customer: TestCustomer, id: string, fits: (replay: Replay) => boolean, limitMs = 60_000) =>
  eventually(() => replayNow(customer, id), fits, limitMs);

const received = (path: string, replayId: string): Array<{ id: string; at: number }> =>
  world.receiver
    .received(path)
    .filter(({ headers }) => headers['webhook-replay'] === replayId)
    .map(({ headers, at }) => ({ id: String(headers['webhook-id']), at }));

const minuteAgo = (): string => new Date(Date.now() - 60_000).toISOString();

describe('a replay', () => {
  it(
    'of 10,000 events, run by an app that is killed, goes on where it stood and ends with every event delivered',
    async () => {
      const customer = await world.customer();
      const ids = await logged(customer, 10_000);
      const { id: webhookId } = await customer.webhook('/killed', ['*']);
      await startRetry(2_000);
      const { id } = await replayOf(customer, webhookId, minuteAgo(), 'all');
      const before = await until(customer, id, ({ progress }) => progress.sent >= 2_000);
      retry.signal('SIGKILL');
      expect(await retry.exited()).toMatchObject({ signal: 'SIGKILL' });
      expect(before.progress.sent).toBeLessThan(10_000);
      await retry.start();
      const done = await until(customer, id, ({ progress }) => progress.delivered === 10_000, LEDGER_LIMIT_MS);
      expect(done).toMatchObject({ state: 'done', failure: null, progress: { matched: 10_000, sent: 10_000 } });
      expect(done.progress.read).toBe(done.progress.total);
      const got = received('/killed', id);
      expect(new Set(got.map((request) => request.id))).toEqual(ids);
    },
    2 * LEDGER_LIMIT_MS,
  );

  it('keeps to its rate', async () => {
    const customer = await world.customer();
    await logged(customer, 300);
    const { id: webhookId } = await customer.webhook('/paced', ['*']);
    await startRetry(100);
    const { id } = await replayOf(customer, webhookId, minuteAgo());
    await until(customer, id, ({ state }) => state === 'done');
    await world.receiver.waitFor('/paced', 300);
    const times = received('/paced', id).map(({ at }) => at);
    // A fifth of a second's worth goes out at once.
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(((300 - 20) / 100) * 1_000 * 0.9);
  });

  it('that is cancelled sends no more', async () => {
    const customer = await world.customer();
    await logged(customer, 1_000);
    const { id: webhookId } = await customer.webhook('/cancelled', ['*']);
    await startRetry(100);
    const { id } = await replayOf(customer, webhookId, minuteAgo());
    await until(customer, id, ({ progress }) => progress.sent >= 100);
    const answer = await customer.http.delete<Replay>(`replays/${id}`, { responseType: 'json' });
    expect([answer.statusCode, answer.body.state]).toEqual([200, 'cancelled']);
    const other = await replayOf(customer, webhookId, minuteAgo());
    await until(customer, other.id, ({ progress }) => progress.sent >= 100);
    const { progress, state } = await until(customer, id, () => true);
    expect([state, progress.sent, progress.read]).toEqual([
      'cancelled',
      answer.body.progress.sent,
      answer.body.progress.read,
    ]);
    await eventually(
      async () => received('/cancelled', id).length,
      (count) => count >= progress.sent,
    );
    // What was being handed over when it was cancelled may be one step more.
    expect(received('/cancelled', id).length).toBeLessThanOrEqual(progress.sent + 20);
    const again = await customer.http.delete<Replay>(`replays/${id}`, { responseType: 'json' });
    expect([again.statusCode, again.body.state]).toEqual([200, 'cancelled']);
    await customer.http.delete(`replays/${other.id}`);
  });

  it('of a webhook that was deleted or disabled meanwhile fails and says why; a disabled one gets none', async () => {
    const customer = await world.customer();
    await logged(customer, 1_500);
    const { id: deletedId } = await customer.webhook('/deleted', ['*']);
    const { id: disabledId } = await customer.webhook('/disabled', ['*']);
    await startRetry(100);
    const [deleted, disabled] = [
      await replayOf(customer, deletedId, minuteAgo()),
      await replayOf(customer, disabledId, minuteAgo()),
    ];
    await until(customer, deleted.id, ({ progress }) => progress.sent > 0);
    await until(customer, disabled.id, ({ progress }) => progress.sent > 0);
    await customer.http.delete(`webhooks/${deletedId}`);
    const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
    const webhooks = store.collection<{ _id: string; status: string }>('webhooks');
    await store.run(() => webhooks.updateOne({ _id: disabledId }, { $set: { status: 'disabled' } }));
    await store.close();
    expect(await until(customer, deleted.id, ({ state }) => state === 'failed')).toMatchObject({
      failure: 'the webhook was deleted',
    });
    expect(await until(customer, disabled.id, ({ state }) => state === 'failed')).toMatchObject({
      failure: 'the webhook is disabled',
    });
    for (const path of ['replays', 'dead-letters/redeliver']) {
      const json = { since: minuteAgo(), until: new Date().toISOString(), only: 'all' };
      const refused = await customer.http.post<{ error: { reason: string; message: string } }>(
        `webhooks/${disabledId}/${path}`,
        { json, responseType: 'json' },
      );
      expect([refused.statusCode, refused.body.error.reason]).toEqual([409, 'WEBHOOK_NOT_ACTIVE']);
      expect(refused.body.error.message).toContain('enable it first');
    }
  });

  it('of a log from which the beginning was removed is refused before that, and told how far back it goes', async () => {
    const customer = await world.customer();
    const { id: webhookId } = await customer.webhook('/trimmed', ['*']);
    const since = new Date().toISOString();
    await startRetry(1_000);
    await logged(customer, 5);
    const kept = new Date(Date.now() + 1).toISOString();
    await eventually(
      async () => Date.now(),
      (now) => now > Date.parse(kept),
    );
    const last = await logged(customer, 1);
    const topic = `${world.prefix}resource-events`;
    const admin = world.kafka.admin();
    await admin.connect();
    const [offsets, late] = [
      await admin.fetchTopicOffsets(topic),
      await admin.fetchTopicOffsetsByTimestamp(topic, Date.parse(kept)),
    ];
    // Of the partitions only the customer's has a record of this time or a later one.
    const partitions = late.filter(
      ({ partition, offset }) => offset !== offsets.find((one) => one.partition === partition)?.high,
    );
    expect(partitions).toHaveLength(1);
    await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.deleteTopicRecords({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
    });
    await admin.disconnect();
    const json = { since, until: new Date().toISOString(), only: 'all' };
    const refused = await customer.http.post<{ error: { details: Array<{ field: string; message: string }> } }>(
      `webhooks/${webhookId}/replays`,
      { json, responseType: 'json' },
    );
    expect([refused.statusCode, refused.body.error.details]).toEqual([
      400,
      [{ field: 'since', message: expect.stringContaining('it goes back to ') }],
    ]);
    const [, told = ''] = /it goes back to (\S+)$/.exec(refused.body.error.details[0]!.message) ?? [];
    expect(Date.parse(told)).toBeGreaterThanOrEqual(Date.parse(kept));
    const asked = await customer.http
      .post(`webhooks/${webhookId}/replays`, { json: { ...json, since: told } })
      .json<Replay>();
    await until(customer, asked.id, ({ state }) => state === 'done');
    await eventually(
      async () => received('/trimmed', asked.id).map(({ id }) => id),
      (all) => all.length === 1,
    );
    expect(new Set(received('/trimmed', asked.id).map(({ id }) => id))).toEqual(last);
  });
});
