import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Got } from 'got';

import { eventually } from '../support/world/eventually.ts';
import { listAll, type Listing } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Attempt {
  readonly id: string;
  readonly event_id: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly status: number | null;
  readonly at: string;
  readonly next: { readonly kind: string; readonly tier: string | null };
  readonly sequence: string;
}

interface EventAnswer {
  readonly id: string;
  readonly deliveries: ReadonlyArray<{
    readonly webhook_id: string;
    readonly state: string;
    readonly attempts: number;
  }>;
}

interface Stats {
  readonly health: Readonly<Record<'last_success_at' | 'last_failure_at' | 'failing_since', string | null>>;
  readonly totals: Readonly<Record<'attempts' | 'delivered' | 'failed' | 'held' | 'skipped', number>>;
  readonly hours: readonly object[];
}

interface ErrorAnswer {
  readonly error: { readonly details: ReadonlyArray<{ readonly field: string; readonly message: string }> };
}

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({}, ['config', 'delivery', 'retry', 'ledger']);
  customer = await world.customer();
});

afterAll(() => world.close());

const attemptsOf = (webhookId: string, parameters: Record<string, string> = {}): Promise<Attempt[]> =>
  listAll(customer.http, `webhooks/${webhookId}/attempts`, parameters);
const attemptsOnce = (webhookId: string, count: number): Promise<Attempt[]> =>
  eventually(
    () => attemptsOf(webhookId),
    (all) => all.length >= count,
  );
const eventOf = (id: string, http: Got = customer.http): Promise<EventAnswer> => http.get(`events/${id}`).json();
const refusalOf = async (path: string): Promise<[number, ErrorAnswer]> => {
  const { statusCode, body } = await customer.http.get<ErrorAnswer>(path, { responseType: 'json' });
  return [statusCode, body];
};

describe('a delivery that fails twice and then succeeds', () => {
  let webhookId: string;
  let eventId: string;
  let attempts: Attempt[];

  beforeAll(async () => {
    ({ id: webhookId } = await customer.webhook('/third-time', ['call_hangup']));
    world.receiver.on('/third-time', { kind: 'fail_first', failures: 2, status: 503 });
    const event = world.sample('call_hangup', customer.id);
    eventId = event.id;
    await world.produce(event);
    const other = await customer.webhook('/other', ['message_created']);
    await world.produce(world.sample('message_created', customer.id));
    await world.receiver.waitFor('/third-time', 3);
    attempts = await attemptsOnce(webhookId, 3);
    await attemptsOnce(other.id, 1);
  });

  it('is read back, each attempt once, the newest first, with what came of it and what came next', () => {
    const given = { event_id: eventId, event_type: 'call_hangup', response_excerpt: null };
    const failed = { ...given, outcome: 'failed', status: 503, reason: 'http_status', message: expect.any(String) };
    const retry = (tier: string) => ({ kind: 'retry', tier, at: expect.any(String), reason: null });
    const none = { kind: 'none', tier: null, at: null, reason: null };
    expect(attempts).toMatchObject([
      { ...given, attempt: 3, outcome: 'delivered', status: 200, reason: null, message: null, next: none },
      { ...failed, attempt: 2, next: retry('2s') },
      { ...failed, attempt: 1, next: retry('1s') },
    ]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(3);
    const [sequence] = world.receiver.received('/third-time').map(({ headers }) => headers['webhook-sequence']);
    expect(attempts.map((attempt) => attempt.sequence)).toEqual([sequence, sequence, sequence]);
    expect(attempts.at(-1)).toMatchObject({
      timing: {
        dns_ms: expect.any(Number),
        connect_ms: expect.any(Number),
        tls_ms: expect.any(Number),
        first_byte_ms: expect.any(Number),
        total_ms: expect.any(Number),
      },
    });
  });

  it('is found by every filter that it fits, and by no other', async () => {
    const at = attempts[1]!.at;
    const later = new Date(Date.parse(at) + 1).toISOString();
    const counts: Array<[Record<string, string>, number[]]> = [
      [{ outcome: 'failed' }, [2, 1]],
      [{ outcome: 'delivered' }, [3]],
      [{ outcome: 'held' }, []],
      [{ status: '5xx' }, [2, 1]],
      [{ status: '2xx', outcome: 'failed' }, []],
      [{ status: 'none' }, []],
      [{ event_type: 'call_hangup', status: '2xx' }, [3]],
      [{ event_type: 'message_created' }, []],
      [{ event_id: eventId }, [3, 2, 1]],
      [{ event_id: eventId, outcome: 'failed' }, [2, 1]],
      [{ event_id: 'unknown' }, []],
      [{ since: at }, [3, 2]],
      [{ until: at }, [1]],
      [{ since: at, until: later }, [2]],
      [{ page_size: '1' }, [3, 2, 1]],
      [{ page_size: '1', outcome: 'failed' }, [2, 1]],
    ];
    for (const [parameters, expected] of counts) {
      expect([parameters, (await attemptsOf(webhookId, parameters)).map(({ attempt }) => attempt)]).toEqual([
        parameters,
        expected,
      ]);
    }
  });

  it('is told of with its event, and is counted in the hour and in the health of its webhook', async () => {
    expect(await eventOf(eventId)).toMatchObject({
      id: eventId,
      type: 'call_hangup',
      resource_type: 'call',
      customer_id: customer.id,
      deliveries: [{ webhook_id: webhookId, state: 'delivered', attempts: 3, last_status: 200 }],
    });
    const stats = await eventually(
      () => customer.http.get(`webhooks/${webhookId}/stats`).json<Stats>(),
      ({ totals }) => totals.attempts >= 3,
    );
    expect(stats).toMatchObject({
      webhook_id: webhookId,
      health: { last_success_at: attempts[0]!.at, last_failure_at: attempts[1]!.at, failing_since: null },
      totals: { attempts: 3, delivered: 1, failed: 2, held: 0, skipped: 0, total_ms: { p50: expect.any(Number) } },
    });
    const past = await customer.http
      .get(`webhooks/${webhookId}/stats`, { searchParams: { until: '2026-01-01T00:00:00Z' } })
      .json<Stats>();
    expect([past.totals.attempts, past.hours]).toEqual([0, []]);
  });

  it("is somebody else's secret: 404, whatever is asked, and 403 where only the operator may ask", async () => {
    const other = await world.customer();
    for (const call of ['attempts', 'dead-letters', 'stats']) {
      for (const id of [webhookId, randomUUID(), 'seven']) {
        for (const query of ['', '?status=nonsense&page_size=0']) {
          const answer = await other.http.get<ErrorAnswer>(`webhooks/${id}/${call}${query}`);
          expect([call, id, query, answer.statusCode]).toEqual([call, id, query, 404]);
        }
      }
    }
    expect((await other.http.get(`events/${eventId}`)).statusCode).toBe(404);
    expect((await customer.http.get(`events/${randomUUID()}`)).statusCode).toBe(404);
    expect((await other.http.get('rejected-events')).statusCode).toBe(403);
    expect((await world.http(undefined).get(`events/${eventId}`)).statusCode).toBe(401);
    expect(await eventOf(eventId, world.operator())).toMatchObject({ id: eventId });
  });
});

describe('a webhook that never answers well', () => {
  it('has its dead letters listed with the event, all its digits, and the last error', async () => {
    const { id } = await customer.webhook('/dead', ['campaigncall_created']);
    world.receiver.on('/dead', { kind: 'status', status: 500 });
    const event = world.sample('campaigncall_created', customer.id, { try_count: 9_007_199_254_740_993n });
    await world.produce(event);
    await world.receiver.waitFor('/dead', 3);
    const [letter] = await eventually(
      () => listAll<Record<string, unknown>>(customer.http, `webhooks/${id}/dead-letters`),
      (letters) => letters.length > 0,
    );
    const [request] = world.receiver.received('/dead');
    expect(letter).toEqual({
      id: event.id,
      event_id: event.id,
      event_type: 'campaigncall_created',
      reason: 'schedule_used_up',
      redelivered_at: null,
      attempts: 3,
      last_status: 500,
      last_error: 'http_status',
      first_failure_at: expect.any(String),
      at: expect.any(String),
      sequence: request!.headers['webhook-sequence'],
      event: JSON.parse(request!.body), // rounds both alike; the text is compared below
    });
    const raw = await customer.http.get(`webhooks/${id}/dead-letters`, { responseType: 'text' });
    expect(raw.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(raw.body).toContain(request!.body);
    expect(request!.body).toContain('"try_count":9007199254740993');
    const state = await eventually(
      () => eventOf(event.id),
      ({ deliveries }) => deliveries[0]?.state === 'dead_letter',
    );
    expect(state.deliveries).toMatchObject([{ webhook_id: id, attempts: 3, next: { reason: 'schedule_used_up' } }]);
    const { health } = await eventually(
      () => customer.http.get(`webhooks/${id}/stats`).json<Stats>(),
      ({ totals }) => totals.failed === 3,
    );
    const attempts = await attemptsOf(id);
    expect(health).toEqual({
      last_success_at: null,
      last_failure_at: attempts[0]!.at,
      failing_since: attempts[2]!.at,
    });
  });
});

describe('a record that cannot be delivered to anybody', () => {
  it('is listed for the operator with its bytes and the reason', async () => {
    const value = Buffer.from(`{"not":"avro ${randomUUID()}"}`);
    await world.produceBytes(customer.id, value);
    const find = (page: Listing<Record<string, unknown>>) =>
      page.result.find((rejected) => rejected['value'] === value.toString('base64'));
    const page = await eventually(
      () => world.operator().get('rejected-events').json<Listing<Record<string, unknown>>>(),
      (answer) => find(answer) !== undefined,
    );
    expect(find(page)).toEqual({
      id: expect.stringMatching(/^\d+-\d+$/),
      reason: 'not_avro',
      redriven_at: null,
      message: expect.any(String),
      at: expect.any(String),
      key: customer.id,
      value: value.toString('base64'),
      value_bytes: value.length,
      origin: { topic: `${world.prefix}resource-events`, partition: expect.any(Number), offset: expect.any(Number) },
      position: { topic: `${world.prefix}rejected-events`, partition: expect.any(Number), offset: expect.any(Number) },
    });
  });
});

describe('a record of the trail that cannot be read', () => {
  it('is told of with its position, and does not hold back the ones behind it', async () => {
    const { id } = await customer.webhook('/behind', ['queue_updated']);
    const topic = `${world.prefix}webhook-attempts`;
    const { partition, offset } = await world.producer.send({ topic, key: id, value: Buffer.from('garbage') });
    await world.produce(world.sample('queue_updated', customer.id));
    await attemptsOnce(id, 1);
    const line = world.lines.find((text) => text.includes('cannot be read'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ app: 'ledger', level: 'error', topic, partition, offset });
  });
});

describe('a question that is not understood', () => {
  it.each([
    ['attempts', 'status=200', 'status', /^must be one of 2xx, 3xx, 4xx, 5xx, none$/],
    ['attempts', 'outcome=lost', 'outcome', /^must be one of delivered, failed, held, skipped$/],
    ['attempts', 'event_type=', 'event_type', /^must not be empty; write for example call_hangup$/],
    ['attempts', 'event_id=a&event_id=b', 'event_id', /^must be given once$/],
    ['attempts', 'since=yesterday', 'since', /^must be an RFC 3339 time, for example/],
    ['attempts', 'since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'until', /^must be later than since$/],
    ['attempts', 'page_size=101', 'page_size', /^must be a whole number between 1 and 100$/],
    ['attempts', 'page_token=MTox', 'page_token', /^must be a next_page_token/],
    ['attempts', 'outcom=failed', 'outcom', /did you mean outcome\?$/],
    ['dead-letters', 'page_size=0', 'page_size', /^must be a whole number/],
    ['dead-letters', 'status=5xx', 'status', /^is not a parameter of this call/],
    ['stats', 'until=tomorrow', 'until', /^must be an RFC 3339 time/],
    [
      'stats',
      'since=2026-01-01T00:00:00Z&until=2026-03-01T00:00:00Z',
      'since',
      /^must be at most 31 days before until$/,
    ],
    ['stats', 'page_size=1', 'page_size', /^is not a parameter of this call/],
  ])('GET .../%s?%s: 400, naming %s and the remedy', async (call, query, field, message) => {
    const { id } = await customer.webhook('/asked', ['call_hangup']);
    const [status, { error }] = await refusalOf(`webhooks/${id}/${call}?${query}`);
    expect(status).toBe(400);
    expect(error.details).toEqual([{ field, message: expect.stringMatching(message) }]);
  });

  it('of the operator, too', async () => {
    const answer = await world.operator().get<ErrorAnswer>('rejected-events?reason=not_avro');
    expect([answer.statusCode, answer.body.error.details[0]?.field]).toEqual([400, 'reason']);
  });
});
