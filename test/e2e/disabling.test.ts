import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { AttemptTrail } from '../support/world/attempt-trail.ts';
import { eventually } from '../support/world/eventually.ts';
import { listAll } from '../support/world/listing.ts';
import type { ReceivedRequest } from '../support/world/receiver.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface WebhookAnswer {
  readonly id: string;
  readonly status: string;
  readonly disabled_reason: string | null;
  readonly disabled_at: string | null;
}

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const MINUTE_MS = 60_000;
const EVENTS_PER_SPAN = 15;
/** How long the retry app goes on with what it knows of a webhook, and some time for a busy machine. */
const RETRIES_END_MS = 5_000 + 5_000;
let world: World;

beforeAll(async () => {
  world = await World.open({ DISABLE_AFTER: '2s' }, ['config', 'delivery', 'retry', 'ledger']);
});
afterAll(() => world.close());

const parsed = ({ body }: ReceivedRequest): Event => JSON.parse(body);
const idsAt = (path: string): Set<string> =>
  new Set(world.receiver.received(path).map((request) => parsed(request).id));
const read = (customer: TestCustomer, id: string): Promise<WebhookAnswer> => customer.http.get(`webhooks/${id}`).json();
const patch = (customer: TestCustomer, id: string, status: string) =>
  customer.http.patch<WebhookAnswer>(`webhooks/${id}`, { json: { status } });

/** Produces events one after the other until told to stop; the ids, each with when it was begun and acknowledged. */
function producing(customer: TestCustomer, everyMs: number) {
  const produced: Array<{ readonly id: string; readonly began: number; readonly ended: number }> = [];
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const event = world.sample('call_updated', customer.id);
      const began = performance.now();
      await world.produce(event);
      produced.push({ id: event.id, began, ended: performance.now() });
      await pauseFor(everyMs);
    }
  };
  const running = run();
  return {
    /** Resolves once so many more were begun and acknowledged from now on. */
    more: async (count: number): Promise<void> => {
      const now = performance.now();
      await eventually(
        async () => produced.filter(({ began }) => began > now).length,
        (length) => length >= count,
      );
    },
    stop: async () => {
      stopped.abort();
      await running;
      return produced;
    },
  };
}

describe('a webhook that only fails', () => {
  it("is disabled; the customer's other webhooks hear of it, and it gets nothing that is produced after that", async () => {
    const customer = await world.customer();
    world.receiver.on('/bad', { kind: 'status', status: 404 });
    const bad = await customer.webhook('/bad', ['*']);
    await customer.webhook('/told', ['webhook_*']);
    await customer.webhook('/all', ['*']);
    const stranger = await world.customer();
    await stranger.webhook('/stranger', ['*']);

    const load = producing(customer, 100);
    const told = (await world.receiver.waitFor('/told', 2, 60_000)).map(parsed);
    const before = await load.stop();
    expect(told.map(({ type, data }) => [type, data['id']])).toEqual([
      ['webhook_failing', bad.id],
      ['webhook_disabled', bad.id],
    ]);
    const shown = await read(customer, bad.id);
    expect(shown).toMatchObject({ status: 'disabled', disabled_reason: 'failing', disabled_at: expect.any(String) });
    expect(told[1]?.data).toMatchObject({
      url: `${world.receiver.origin}/bad`,
      status: 'disabled',
      disabled_reason: 'failing',
      disabled_at: shown.disabled_at,
      last_status: 404,
      last_error: 'http_status',
    });
    expect(Number(told[1]?.data['attempts'])).toBeGreaterThanOrEqual(20);

    const after = Array.from({ length: 20 }, () => world.sample('call_updated', customer.id));
    for (const event of after) await world.produce(event);
    // Two events of the webhook, and all others, once each.
    await eventually(
      async () => idsAt('/all').size,
      (size) => size >= before.length + after.length + 2,
    );
    expect([...idsAt('/all')]).toEqual(expect.arrayContaining(after.map(({ id }) => id)));
    // Retries that were under way end within seconds, as dead letters.
    await eventually(
      () => listAll<{ event_id: string; reason: string }>(customer.http, `webhooks/${bad.id}/dead-letters`),
      (letters) => new Set(letters.map((letter) => letter.event_id)).size === idsAt('/bad').size,
    );
    const requests = world.receiver.received('/bad');
    const last = Math.max(...requests.map(({ at }) => at));
    expect(last - Date.parse(shown.disabled_at ?? '')).toBeLessThan(RETRIES_END_MS);
    for (const event of after) expect(idsAt('/bad')).not.toContain(event.id);
    expect(requests.map((request) => parsed(request).type)).not.toContainEqual(expect.stringContaining('webhook'));
    expect(world.receiver.received('/told')).toHaveLength(2);
    expect(world.receiver.received('/stranger')).toEqual([]);
  });

  it('is enabled again by one call, starts anew, and gets what is produced from then on', async () => {
    const customer = await world.customer();
    world.receiver.on('/mended', { kind: 'status', status: 404 });
    const { id } = await customer.webhook('/mended', ['call_*']);
    await customer.webhook('/mended-told', ['webhook_disabled']);
    const load = producing(customer, 100);
    await world.receiver.waitFor('/mended-told', 1, 60_000);
    await load.stop();

    world.receiver.on('/mended', { kind: 'status', status: 200 });
    const enabled = await patch(customer, id, 'active');
    expect([enabled.statusCode, enabled.body]).toMatchObject([
      200,
      { status: 'active', disabled_reason: null, disabled_at: null },
    ]);
    const stats = await customer.http.get(`webhooks/${id}/stats`).json<{ health: { failing_since: string | null } }>();
    expect(stats.health.failing_since).toBeNull();
    const event = world.sample('call_updated', customer.id);
    await world.produce(event);
    await eventually(
      async () => idsAt('/mended'),
      (ids) => ids.has(event.id),
    );
    expect((await read(customer, id)).status).toBe('active');
  });
});

describe('an endpoint that is gone', () => {
  it('is disabled after 410 twice, a minute apart, and not before', async () => {
    const customer = await world.customer();
    const trail = new AttemptTrail(world);
    const names = ['gone', 'hasty', 'mixed'];
    const [gone, hasty, mixed] = await Promise.all(
      names.map(async (name) => ({ ...(await customer.webhook(`/${name}`, ['call_*'])), customerId: customer.id })),
    );
    if (!gone || !hasty || !mixed) throw new Error('unreachable');
    await customer.webhook('/mourner', ['webhook_*']);
    // The last one is judged when the others were, at the latest: it lies behind them, and it is disabled.
    const then = Date.now() - 2 * MINUTE_MS;
    await trail.answered(hasty, then, 410);
    await trail.answered(hasty, then + MINUTE_MS - 1, 410);
    await trail.answered(mixed, then, 410);
    await trail.answered(mixed, then + 1_000, 503);
    await trail.answered(mixed, then + MINUTE_MS, 410);
    for (const webhook of [hasty, mixed]) {
      await eventually(
        () => customer.http.get(`webhooks/${webhook.id}/stats`).json<{ totals: { attempts: number } }>(),
        ({ totals }) => totals.attempts >= (webhook === hasty ? 2 : 3),
      );
    }
    await trail.answered(gone, then, 410);
    await trail.answered(gone, then + MINUTE_MS, 410);
    const [told] = (await world.receiver.waitFor('/mourner', 1, 60_000)).map(parsed);
    expect(told).toMatchObject({
      type: 'webhook_disabled',
      data: { id: gone.id, disabled_reason: 'gone', attempts: 2 },
    });
    expect(await read(customer, gone.id)).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
    for (const { id } of [hasty, mixed]) expect(await read(customer, id)).toMatchObject({ status: 'active' });
  });
});

describe('a webhook that is disabled and enabled while events keep flowing', () => {
  it('gets everything produced while it was enabled, and nothing of the rest', async () => {
    const customer = await world.customer();
    const { id } = await customer.webhook('/switched', ['call_*']);
    const load = producing(customer, 5);
    const spans: Array<{ readonly status: 'active' | 'disabled'; readonly from: number; until: number }> = [
      { status: 'active', from: 0, until: Number.POSITIVE_INFINITY },
    ];
    for (let turn = 0; turn < 10; turn += 1) {
      await load.more(EVENTS_PER_SPAN);
      const status = turn % 2 === 0 ? 'disabled' : 'active';
      const last = spans.at(-1);
      if (last) last.until = performance.now();
      expect((await patch(customer, id, status)).statusCode).toBe(200);
      spans.push({ status, from: performance.now(), until: Number.POSITIVE_INFINITY });
    }
    await load.more(EVENTS_PER_SPAN);
    const produced = await load.stop();
    const within = (status: string): string[] =>
      produced
        .filter(({ began, ended }) =>
          spans.some((span) => span.status === status && began > span.from && ended < span.until),
        )
        .map((event) => event.id);
    const [wanted, unwanted] = [within('active'), within('disabled')];
    expect(Math.min(wanted.length, unwanted.length)).toBeGreaterThanOrEqual(5 * EVENTS_PER_SPAN);
    await eventually(
      async () => wanted.filter((event) => !idsAt('/switched').has(event)),
      (left) => left.length === 0,
    );
    expect(unwanted.filter((event) => idsAt('/switched').has(event))).toEqual([]);
  });

  it('gets also what needs a second attempt, although the retry app knew it as disabled a moment ago', async () => {
    const customer = await world.customer();
    world.receiver.on('/flaky', { kind: 'fail_first', failures: 1, status: 404 });
    const { id } = await customer.webhook('/flaky', ['call_*']);
    await world.produce(world.sample('call_updated', customer.id));
    await world.receiver.waitFor('/flaky', 1);
    await patch(customer, id, 'disabled');
    // The retry app looks the webhook up, finds it disabled, and gives the event up.
    await eventually(
      () => listAll(customer.http, `webhooks/${id}/dead-letters`),
      (letters) => letters.length === 1,
    );
    await patch(customer, id, 'active');
    const events = Array.from({ length: 20 }, () => world.sample('call_updated', customer.id));
    for (const event of events) await world.produce(event);
    const answered = (): string[] =>
      world.receiver
        .received('/flaky')
        .filter(({ headers }) => headers['webhook-attempt'] === '2')
        .map((request) => parsed(request).id);
    await eventually(
      async () => answered(),
      (ids) => events.every((event) => ids.includes(event.id)),
    );
    expect(await listAll(customer.http, `webhooks/${id}/dead-letters`)).toHaveLength(1);
  });
});

describe('a ledger that is killed while it disables webhooks', () => {
  it('has each customer told, once as far as ids go, and nothing goes to the webhooks any more', async () => {
    const customer = await world.customer();
    const trail = new AttemptTrail(world);
    await customer.webhook('/heir', ['webhook_disabled']);
    const ledger = world.app('ledger');
    const then = Date.now() - 2 * MINUTE_MS;
    const all: string[] = [];
    for (const delayMs of [0, 20]) {
      const webhooks = await Promise.all(
        Array.from({ length: 8 }, async () => ({
          ...(await customer.webhook('/dead', ['call_*'])),
          customerId: customer.id,
        })),
      );
      all.push(...webhooks.map(({ id }) => id));
      await ledger.ready();
      await Promise.all(
        webhooks.flatMap((webhook) => [
          trail.answered(webhook, then, 410),
          trail.answered(webhook, then + MINUTE_MS, 410),
        ]),
      );
      for (let seen = false; !seen;) {
        const states = await Promise.all(webhooks.map(({ id }) => read(customer, id)));
        seen = states.some(({ status }) => status === 'disabled');
      }
      await pauseFor(delayMs);
      ledger.signal('SIGKILL');
      await ledger.exited();
      await ledger.start();
    }
    const told = await eventually(
      async () => world.receiver.received('/heir').map(parsed),
      (events) => new Set(events.map(({ data }) => data['id'])).size === all.length,
      120_000,
    );
    expect(new Set(told.map(({ data }) => data['id']))).toEqual(new Set(all));
    expect(new Set(told.map(({ id }) => id)).size).toBe(all.length);
    await customer.webhook('/alive', ['call_*']);
    await world.produce(world.sample('call_updated', customer.id));
    const [sentinel] = await world.receiver.waitFor('/alive', 1);
    const { deliveries } = await eventually(
      () => customer.http.get(`events/${parsed(sentinel!).id}`).json<{ deliveries?: unknown[] }>(),
      (answer) => (answer.deliveries?.length ?? 0) > 0,
    );
    expect(deliveries).toHaveLength(1);
    expect(world.receiver.received('/dead')).toEqual([]);
  });
});
