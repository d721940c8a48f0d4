import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Store } from '#libs/store';

import { listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Answer {
  readonly id: string;
  readonly secret: string;
  readonly error: { readonly reason: string; readonly details: ReadonlyArray<{ readonly field: string }> };
}

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({}, ['config']);
  customer = await world.customer();
});
afterAll(() => world.close());

const json = { url: 'https://example.com/hooks', event_types: ['call_*'] };
const post = (key: string, given: object = json, path = 'webhooks', who = customer) =>
  who.http.post<Answer>(path, { json: given, headers: { 'idempotency-key': key } });
const webhooksOf = async (who: TestCustomer): Promise<number> => (await listAll(who.http, 'webhooks')).length;

describe('a POST with an Idempotency-Key', () => {
  it('is carried out once, and answered alike each time, also by another instance', async () => {
    const key = randomUUID();
    const before = await webhooksOf(customer);
    const first = await post(key);
    const again = await post(key);
    expect([first.statusCode, again.statusCode, again.body]).toEqual([201, 201, first.body]);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([undefined, 'true']);
    expect(again.headers.etag).toBe(first.headers.etag);
    const second = await world.start('config');
    await second.ready();
    const elsewhere = await customer.http.post<Answer>('webhooks', {
      prefixUrl: second.address,
      json,
      headers: { 'idempotency-key': key },
    });
    expect([elsewhere.statusCode, elsewhere.body]).toEqual([201, first.body]);
    await second.stop();
    expect(await webhooksOf(customer)).toBe(before + 1);
  });

  it('is carried out once when it comes many times at once', async () => {
    const key = randomUUID();
    const before = await webhooksOf(customer);
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(key)));
    const made = answers.filter(({ statusCode }) => statusCode === 201);
    const others = answers.filter(({ statusCode }) => statusCode !== 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const { statusCode, body, headers } of others) {
      expect([statusCode, body.error.reason, headers['retry-after']]).toEqual([409, 'REQUEST_UNDER_WAY', '1']);
    }
    expect(await webhooksOf(customer)).toBe(before + 1);
  });

  it('is refused for another request, and does not meet the same key of somebody else', async () => {
    const key = randomUUID();
    const other = await world.customer();
    const first = await post(key);
    for (const [given, path] of [
      [{ ...json, name: 'other' }, 'webhooks'],
      [{}, `webhooks/${first.body.id}/secret/rotate`],
    ] as const) {
      const { statusCode, body } = await post(key, given, path);
      expect([statusCode, body.error.reason]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    const theirs = await post(key, json, 'webhooks', other);
    expect([theirs.statusCode, theirs.body.id === first.body.id]).toEqual([201, false]);
  });

  it('is free again when the request was refused', async () => {
    const key = randomUUID();
    expect((await post(key, { ...json, url: 7 })).statusCode).toBe(400);
    expect((await post(key)).statusCode).toBe(201);
  });

  it('is taken over from an instance that has crashed, and forgotten after 24 hours', async () => {
    const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
    const kept = store.collection<{ _id: string; leased_until: Date; expires_at: Date; fingerprint: string }>(
      'idempotency_keys',
    );
    const key = randomUUID();
    const first = await post(key);
    const newest = async () => (await kept.find().sort({ expires_at: -1 }).limit(1).toArray())[0]!;
    const { _id, expires_at: expires } = await newest();
    expect(Math.abs(expires.getTime() - Date.now() - 86_400_000)).toBeLessThan(60_000);
    await kept.updateOne({ _id }, { $unset: { answer: '' } });
    expect((await post(key)).body.error.reason).toBe('REQUEST_UNDER_WAY');
    await kept.updateOne({ _id }, { $set: { leased_until: new Date(Date.now() - 1) } });
    const second = await post(key);
    expect([second.statusCode, second.body.id === first.body.id]).toEqual([201, false]);
    await kept.updateOne({ _id }, { $set: { expires_at: new Date(Date.now() - 1) } });
    expect((await post(key, { ...json, name: 'a day later' })).statusCode).toBe(201);
    await store.close();
  });

  it('keeps no secret in clear', async () => {
    const { body } = await post(randomUUID());
    const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
    const documents = await store.collection('idempotency_keys').find().toArray();
    await store.close();
    expect(documents.length).toBeGreaterThan(0);
    expect(JSON.stringify(documents)).not.toContain(body.secret.slice(6, -1));
  });

  it.each(['', 'a b', 'x'.repeat(256)])('does not take %j for a key', async (key) => {
    const { statusCode, body } = await post(key);
    expect([statusCode, body.error.details]).toEqual([400, [expect.objectContaining({ field: 'idempotency-key' })]]);
  });
});
