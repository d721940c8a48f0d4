import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { headerText } from '#libs/kafka';
import { Store } from '#libs/store';

import type { Behaviour } from '../support/world/receiver.ts';
import { seedRetries, tierSettled, type WaitingRetry } from '../support/world/retries.ts';
import { Trail } from '../support/world/trail.ts';
import { type TestCustomer, type Watch, World } from '../support/world/world.ts';

const DELAY_MS = 2_000;
const JITTER_MS = 200;
const MANY = 10_000;
/** The aim is a second; the rest is for slow machines. A slow endpoint that the queue waits for costs minutes. */
const ON_TIME_MS = 4_000;
const MIB = 1_048_576;

let world: World;
let customer: TestCustomer;
let tier: Watch;
let nextTier: Watch;
let value: Buffer;

/** One partition for each tier: everything that waits there is in one queue, of which the worker can hold a quarter. */
beforeAll(async () => {
  const settings = { UNSETTLED_BYTES: String(16 * MIB), WEBHOOK_CONCURRENCY: '30', DRAIN_LIMIT_MS: '500' };
  world = await World.open({ ...settings, TOPIC_PARTITIONS: '1', RETRY_SCHEDULE: '2s,5m,1h' }, ['config', 'retry']);
  customer = await world.customer();
  [tier, nextTier] = await Promise.all([world.watch('webhook-retry-2s'), world.watch('webhook-retry-5m')]);
  value = await world.encoded(world.sample('call_hangup', customer.id));
});

afterAll(() => world.close());

/** Bytes of memory that the retry app takes. */
async function resident(): Promise<number> {
  const status = await readFile(`/proc/${world.app('retry').pid()}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}

const waiting = (webhookId: string, count: number): WaitingRetry[] =>
  Array.from({ length: count }, () => ({ tier: '2s', webhookId, value, history: { attempts: 1 } }));

/** How late the only retry of a webhook was sent, in milliseconds. */
async function lateness(webhookId: string, path: string): Promise<number> {
  const { timestamp } = await tier.next(({ key }) => key?.toString() === webhookId);
  const [request] = await world.receiver.waitFor(path, 1);
  return request!.at - timestamp - DELAY_MS;
}

describe('50 MB that are not due', () => {
  it('stay in Kafka, and hold up nobody in a shorter tier', async () => {
    const before = await resident();
    const { id } = await customer.webhook('/beside', ['*']);
    const big = Buffer.alloc(50_000, 'x');
    const retries = Array.from({ length: 200 }, (): WaitingRetry => ({ tier: '1h', webhookId: id, value: big }));
    for (let bulk = 0; bulk < 5; bulk += 1) await seedRetries(world, retries);
    await seedRetries(world, waiting(id, 1));
    const late = await lateness(id, '/beside');
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(JITTER_MS + ON_TIME_MS);
    const grown = (await resident()) - before;
    expect(grown).toBeLessThan(30 * MIB);
  });
});

describe('retries that wait for a webhook', () => {
  it('that is deleted are settled unsent, each with a record that says so', async () => {
    const trail = await Trail.of(world);
    const { id } = await customer.webhook('/deleted', ['*']);
    await seedRetries(world, waiting(id, 1_000));
    await customer.http.delete(`webhooks/${id}`);
    const records = await trail.attempts(id, 1_000);
    for (const record of records) {
      expect(record).toMatchObject({ outcome: 'skipped', reason: 'webhook_deleted', attempt: 1, next: 'none' });
    }
    await tierSettled(world, '2s');
    expect(world.receiver.received('/deleted')).toHaveLength(0);
  });

  it('that is disabled become dead letters, unsent', async () => {
    const deadLetters = await world.watch('webhook-dead-letters');
    const { id } = await customer.webhook('/disabled', ['*']);
    const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
    const webhooks = store.collection<{ _id: string; status: string }>('webhooks');
    await store.run(() => webhooks.updateOne({ _id: id }, { $set: { status: 'disabled' } }));
    await store.close();
    await seedRetries(world, waiting(id, 50));
    const letters = await deadLetters.gather(50, ({ key }) => key?.toString() === id);
    expect(new Set(letters.map(({ headers }) => headerText(headers, 'dead-letter-reason')))).toEqual(
      new Set(['webhook_disabled']),
    );
    expect(letters.every((letter) => letter.value?.equals(value))).toBe(true);
    await tierSettled(world, '2s');
    expect(world.receiver.received('/disabled')).toHaveLength(0);
  });
});

describe('behind 10,000 due retries of a dead webhook, in the same partition', () => {
  it.each([
    ['never answers', '/hangs', { kind: 'hang' }],
    ['fails at once', '/fails', { kind: 'status', status: 503 }],
  ] as const)('whose endpoint %s, the retry of another leaves on time, and none is lost', async (...given) => {
    const [, path, behaviour] = given;
    const dead = await queueBefore(path, behaviour);
    const moved = await nextTier.gather(MANY, ({ key }) => key?.toString() === dead);
    expect(new Set(moved.map(({ headers }) => headerText(headers, 'delivery-origin-offset'))).size).toBe(MANY);
    const unsent = moved.filter(({ headers }) => headerText(headers, 'delivery-attempts') === '1');
    expect(unsent.length).toBeGreaterThan(9_000);
    expect(world.receiver.received(path).length).toBeLessThan(1_000);
  });

  it('whose endpoint is slow, and is waited for, the retry of another leaves on time', async () => {
    await queueBefore('/slow', { kind: 'delay', ms: 900 });
    expect(world.receiver.received('/slow').length).toBeGreaterThan(0);
  });
});

/** Lets a webhook's retries wait before the one of another, which has to leave on time; resolves with the id of the first. */
async function queueBefore(path: string, behaviour: Behaviour): Promise<string> {
  const first = await customer.webhook(path, ['*']);
  const other = await customer.webhook(`${path}-neighbour`, ['*']);
  world.receiver.on(path, behaviour);
  await seedRetries(world, [...waiting(first.id, MANY), ...waiting(other.id, 1)]);
  const late = await lateness(other.id, `${path}-neighbour`);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(JITTER_MS + ON_TIME_MS);
  return first.id;
}
