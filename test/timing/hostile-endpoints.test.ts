import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Behaviour } from '../support/world/receiver.ts';
import { World } from '../support/world/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open({ DELIVERY_TIMEOUT_MS: '4000', RETRY_SCHEDULE: '200ms' });
});

afterAll(() => world.close());

const FAILURES: ReadonlyArray<[string, Behaviour, string]> = [
  ['answers 201', { kind: 'status', status: 201 }, 'http_status'],
  ['answers 301', { kind: 'status', status: 301, headers: { location: 'https://localhost/' } }, 'redirect'],
  ['answers 404', { kind: 'status', status: 404 }, 'http_status'],
  ['answers 500', { kind: 'status', status: 500 }, 'http_status'],
  ['never answers', { kind: 'hang' }, 'timeout'],
  [
    'sends half a header and closes',
    { kind: 'raw', bytes: 'HTTP/1.1 200 OK\r\ncontent-', end: true },
    'connection_closed',
  ],
  ['drips its headers', { kind: 'drip', everyMs: 50 }, 'timeout'],
  ['answers garbage', { kind: 'raw', bytes: 'SSH-2.0-OpenSSH_9.6\r\n', end: false }, 'invalid_response'],
  ['closes the connection', { kind: 'close' }, 'connection_closed'],
];

describe('an endpoint that misbehaves', () => {
  it.each(FAILURES)(
    'and %s is a failed attempt with a name, retried, then a dead letter',
    async (name, behaviour, error) => {
      const customer = await world.customer();
      const path = `/${encodeURIComponent(name)}`;
      const { id } = await customer.webhook(path, ['call_hangup']);
      world.receiver.on(path, behaviour);
      const deadLetters = await world.watch('webhook-dead-letters');
      await world.produce(world.sample('call_hangup', customer.id));
      const letter = await deadLetters.next((record) => record.key?.toString() === id);
      expect(String(letter.headers['delivery-last-error'])).toBe(error);
      expect(world.receiver.received(path)).toHaveLength(2);
    },
  );

  it.each([
    ['has a certificate of an unknown authority', { EXTRA_CA_FILE: '' }, 'tls_failed'],
    ['lies at a loopback address that is not allowed', { ALLOWED_NETWORKS: '' }, 'address_refused'],
  ])('and %s is never sent anything', async (_name, settings, error) => {
    const strict = await World.open({ RETRY_SCHEDULE: '200ms' }, ['config']);
    try {
      // By the rules of the workers, which are stricter than those it was registered by.
      const workers = await Promise.all([strict.start('delivery', settings), strict.start('retry', settings)]);
      await Promise.all(workers.map((worker) => worker.ready()));
      const customer = await strict.customer();
      const { id } = await customer.webhook('/strict', ['call_hangup']);
      const deadLetters = await strict.watch('webhook-dead-letters');
      await strict.produce(strict.sample('call_hangup', customer.id));
      const letter = await deadLetters.next((record) => record.key?.toString() === id);
      expect(String(letter.headers['delivery-last-error'])).toBe(error);
      expect(strict.receiver.requests).toHaveLength(0);
    } finally {
      await strict.close();
    }
  });

  it('and follows 200 with an endless body is delivered, once, and cut off', async () => {
    const customer = await world.customer();
    await customer.webhook('/endless', ['call_hangup']);
    world.receiver.on('/endless', { kind: 'endless_body' });
    await world.produce(world.sample('call_hangup', customer.id));
    await world.receiver.waitFor('/endless', 1);
    // A retry of it would have come before this one, which waits in the same tier.
    await customer.webhook('/marker', ['message_created']);
    world.receiver.on('/marker', { kind: 'fail_first', failures: 1, status: 500 });
    await world.produce(world.sample('message_created', customer.id));
    await world.receiver.waitFor('/marker', 2);
    expect(world.receiver.received('/endless')).toHaveLength(1);
  });
});

describe('the limit of 5 s', () => {
  it('covers an answer whose headers drip in', async () => {
    const slow = await World.open({ RETRY_SCHEDULE: '100ms' });
    try {
      const customer = await slow.customer();
      await customer.webhook('/drip', ['call_hangup']);
      slow.receiver.on('/drip', { kind: 'drip', everyMs: 1_000 });
      await slow.produce(slow.sample('call_hangup', customer.id));
      const [first, second] = await slow.receiver.waitFor('/drip', 2);
      const gap = second!.at - first!.at;
      expect(gap).toBeGreaterThanOrEqual(5_000);
      expect(gap).toBeLessThan(8_000);
    } finally {
      await slow.close();
    }
  });
});
