import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';

import { Seeded } from '../guarantees/harness/seeded.ts';
import { eventually } from '../support/world/eventually.ts';
import { listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

const REQUESTS = 10_000;
const AT_ONCE = 24;

interface Letter {
  readonly id: string;
  readonly event_id: string;
}

/** A customer with one of everything, and what of it nobody else may ever see. */
interface Side {
  readonly customer: TestCustomer;
  readonly webhookId: string;
  readonly letterId: string;
  readonly eventId: string;
  readonly replayId: string;
  readonly hidden: readonly string[];
}

/** A call about one customer's things, made by either. */
interface Call {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: (side: Side) => string;
  readonly body?: (side: Side) => unknown;
}

const READING: readonly Call[] = [
  { method: 'get', path: ({ webhookId }) => `webhooks/${webhookId}` },
  { method: 'get', path: ({ webhookId }) => `webhooks/${webhookId}/secret` },
  { method: 'get', path: ({ webhookId }) => `webhooks/${webhookId}/attempts` },
  { method: 'get', path: ({ webhookId }) => `webhooks/${webhookId}/attempts?page_size=1` },
  { method: 'get', path: ({ webhookId }) => `webhooks/${webhookId}/stats` },
  { method: 'get', path: ({ webhookId }) => `webhooks/${webhookId}/dead-letters` },
  { method: 'get', path: ({ replayId }) => `replays/${replayId}` },
  { method: 'get', path: ({ eventId }) => `events/${eventId}` },
];
const CHANGING: readonly Call[] = [
  { method: 'patch', path: ({ webhookId }) => `webhooks/${webhookId}`, body: () => ({ name: 'taken over' }) },
  { method: 'patch', path: ({ webhookId }) => `webhooks/${webhookId}`, body: () => ({ url: 7, nonsense: true }) },
  { method: 'delete', path: ({ webhookId }) => `webhooks/${webhookId}` },
  { method: 'post', path: ({ webhookId }) => `webhooks/${webhookId}/secret/rotate` },
  {
    method: 'post',
    path: ({ webhookId }) => `webhooks/${webhookId}/test`,
    body: () => ({ event_type: 'call_hangup' }),
  },
  { method: 'post', path: ({ webhookId }) => `webhooks/${webhookId}/replays`, body: () => ({ from: 'yesterday' }) },
  { method: 'post', path: ({ webhookId }) => `webhooks/${webhookId}/dead-letters/redeliver` },
  {
    method: 'post',
    path: ({ webhookId, letterId }) => `webhooks/${webhookId}/dead-letters/${letterId}/redeliver`,
  },
  { method: 'delete', path: ({ replayId }) => `replays/${replayId}` },
];
const LISTING: readonly Call[] = [
  { method: 'get', path: () => 'webhooks' },
  { method: 'get', path: ({ customer }) => `webhooks?customer_id=${customer.id}` },
  {
    method: 'post',
    path: () => 'webhooks',
    body: ({ customer }) => ({ url: 'https://example.com/', event_types: ['*'], customer_id: customer.id }),
  },
  { method: 'get', path: ({ customer }) => `customers/${customer.id}/accesskeys` },
  { method: 'post', path: ({ customer }) => `customers/${customer.id}/accesskeys`, body: () => ({ name: 'mine' }) },
  {
    method: 'post',
    path: () => 'events',
    body: ({ customer }) => ({ type: 'call_hangup', customer_id: customer.id, data: {} }),
  },
  { method: 'get', path: () => 'rejected-events' },
];

let world: World;
let sides: readonly [Side, Side];

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: '500ms' }, ['config', 'delivery', 'retry', 'ledger']);
  sides = await Promise.all([sideOf('one'), sideOf('two')]);
}, 120_000);
afterAll(() => world.close());

async function sideOf(name: string): Promise<Side> {
  const customer = await world.customer(name);
  const path = `/endpoint-of-${name}`;
  world.receiver.on(path, { kind: 'status', status: 500 });
  const { id: webhookId, secret } = await customer.webhook(path, ['call_hangup']);
  const mark = `mark-of-${name}`;
  const json = { name: mark, description: mark, headers: { 'x-mark': mark, authorization: `Bearer ${mark}` } };
  expect((await customer.http.patch(`webhooks/${webhookId}`, { json })).statusCode).toBe(200);
  const event = world.sample('call_hangup', customer.id);
  await world.produce(event);
  const [letter] = await eventually(
    () => listAll<Letter>(customer.http, `webhooks/${webhookId}/dead-letters`),
    ({ length }) => length === 1,
  );
  if (!letter) throw new Error('no dead letter');
  const replay = await customer.http
    .post(`webhooks/${webhookId}/dead-letters/${letter.id}/redeliver`)
    .json<{ id: string }>();
  await eventually(
    () => customer.http.get(`webhooks/${webhookId}/stats`).json<{ totals: { failed: number } }>(),
    ({ totals }) => totals.failed === 4,
  );
  return {
    customer,
    webhookId,
    letterId: letter.id,
    eventId: event.id,
    replayId: replay.id,
    hidden: [customer.id, webhookId, letter.id, event.id, replay.id, secret.slice(6, -1), mark, path],
  };
}

async function made(by: Side, call: Call, about: Side): Promise<{ status: number; text: string }> {
  const answer = await by.customer.http(call.path(about), {
    method: call.method,
    responseType: 'text',
    ...(call.body === undefined ? {} : { json: call.body(about) }),
  });
  return { status: answer.statusCode, text: JSON.stringify(answer.headers) + answer.body };
}

/** Everything that one customer has, as it sees it. */
async function all(side: Side): Promise<string[]> {
  const answers = await Promise.all([...READING, LISTING[0]!].map((call) => made(side, call, side)));
  return answers.map(({ status, text }) => `${status} ${withoutTimeOfAsking(text.slice(text.indexOf('}{') + 1))}`);
}

const withoutTimeOfAsking = (stats: string): string => stats.replace(/"since":"[^"]+","until":"[^"]+",/, '');

describe('two customers', () => {
  it('learn nothing of each other and change nothing, in ten thousand mixed requests', async () => {
    const choice = Seeded.ofRun();
    const before = await Promise.all(sides.map(all));
    for (const answer of before.flat()) expect(answer).toMatch(/^200 /);
    const faults: string[] = [];
    const counts = { others: 0, own: 0, listing: 0 };
    const request = async (): Promise<void> => {
      const [me, other] = choice.pick([sides, [sides[1], sides[0]] as const]);
      const kind = choice.pick(['others', 'others', 'others', 'own', 'listing'] as const);
      counts[kind] += 1;
      const about = kind === 'own' ? me : other;
      const table = { others: [...READING, ...CHANGING], own: READING, listing: LISTING }[kind];
      const call = choice.pick(table);
      const { status, text } = await made(me, call, about);
      const expected = { others: [404], own: [200], listing: [200, 400, 403] }[kind];
      const leaked = other.hidden.find((part) => text.includes(part));
      if (!expected.includes(status) || leaked !== undefined) {
        faults.push(`${call.method} ${call.path(about)} (${kind}): ${status}, leaked ${leaked}: ${text}`);
      }
    };
    const limit = pLimit(AT_ONCE);
    await Promise.all(Array.from({ length: REQUESTS }, () => limit(request)));
    expect({ seed: choice.seed, faults: faults.slice(0, 10) }).toEqual({ seed: choice.seed, faults: [] });
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(REQUESTS / 10);
    expect(await Promise.all(sides.map(all))).toEqual(before);
  }, 300_000);
});
