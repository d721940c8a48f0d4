import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Store } from '#libs/store';

import { eventually } from '../support/world/eventually.ts';
import { type Listing, listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface KeyAnswer {
  readonly id: string;
  readonly token: string;
  readonly tm_last_used: string | null;
}

const valid = { url: 'https://example.com/hooks', event_types: ['call_hangup'] };
let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({}, ['config']);
  customer = await world.customer('ours');
});

afterAll(() => world.close());

const keysOf = (id: string): string => `customers/${id}/accesskeys`;
const issue = (json: object): Promise<KeyAnswer> =>
  world
    .operator()
    .post(keysOf(customer.id), { json: { name: 'test', ...json } })
    .json();
const answer = async (request: Promise<{ statusCode: number; body: unknown }>): Promise<unknown> => {
  const { statusCode, body } = await request;
  return [statusCode, Object(body).error?.reason];
};

describe('access keys', () => {
  it('are listed with all but their secrets, which come once and are kept in no cache', async () => {
    const json = { name: 'reports', scopes: ['read'], tm_expire: '2126-01-01T02:00:00+02:00' };
    const made = await world.operator().post<KeyAnswer>(keysOf(customer.id.toUpperCase()), { json });
    expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
    const { token, ...shown } = made.body;
    expect(shown).toEqual({
      id: expect.any(String),
      customer_id: customer.id,
      name: 'reports',
      prefix: `ak_${shown.id}`,
      scopes: ['read'],
      tm_create: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      tm_last_used: null,
      tm_expire: '2126-01-01T00:00:00.000Z',
    });
    const listed = await listAll<KeyAnswer>(world.operator(), keysOf(customer.id), { page_size: '1' });
    expect(listed).toContainEqual(shown);
    expect(JSON.stringify(listed)).not.toContain(token.slice(token.lastIndexOf('_')));
    const others = await world.customer('other');
    expect(await listAll<KeyAnswer>(world.operator(), keysOf(others.id))).toHaveLength(1);
  });

  it('are for the operator alone, and those of unknown customers for nobody', async () => {
    const own = keysOf(customer.id);
    expect(await answer(customer.http.get(own))).toEqual([403, 'OPERATOR_ONLY']);
    expect(await answer(customer.http.delete(`${own}/${randomUUID()}`))).toEqual([403, 'OPERATOR_ONLY']);
    expect(await answer(world.operator().get(keysOf(randomUUID())))).toEqual([404, 'NOT_FOUND']);
  });

  it('show when they were last used, without delay to the request', async () => {
    const { id, token } = await issue({});
    const before = Date.now();
    expect((await world.http(token).get('webhooks')).statusCode).toBe(200);
    const used = await eventually(
      async () => (await listAll<KeyAnswer>(world.operator(), keysOf(customer.id))).find((key) => key.id === id),
      (key) => typeof key?.tm_last_used === 'string',
    );
    expect(Date.parse(used?.tm_last_used ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('open nothing once revoked, at every instance', async () => {
    const second = await world.start('config');
    await second.ready();
    const { id, token } = await issue({});
    const clients = [world.http(token), world.http(token).extend({ prefixUrl: second.address })];
    for (const http of clients) expect((await http.get('webhooks')).statusCode).toBe(200);
    const others = await world.customer('other');
    expect(await answer(world.operator().delete(`${keysOf(others.id)}/${id}`))).toEqual([404, 'NOT_FOUND']);
    const revoked = await world.operator().delete(`${keysOf(customer.id)}/${id}`, { responseType: 'text' });
    expect([revoked.statusCode, revoked.body]).toEqual([204, '']);
    for (const http of clients) expect(await answer(http.get('webhooks'))).toEqual([401, 'WRONG_KEY']);
    expect(await answer(world.operator().delete(`${keysOf(customer.id)}/${id}`))).toEqual([404, 'NOT_FOUND']);
    expect((await customer.http.get('webhooks')).statusCode).toBe(200);
  });

  it('open nothing once expired, and say so to who has the whole key only', async () => {
    const { id, token } = await issue({ tm_expire: '2126-01-01T00:00:00Z' });
    expect((await world.http(token).get('webhooks')).statusCode).toBe(200);
    const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
    const keys = store.collection<{ _id: string; expires_at: Date }>('access_keys');
    await keys.updateOne({ _id: id }, { $set: { expires_at: new Date(Date.now() - 1) } });
    await store.close();
    expect(await answer(world.http(token).get('webhooks'))).toEqual([401, 'EXPIRED_KEY']);
    const guessed = `ak_${id}_${'A'.repeat(43)}`;
    expect(await answer(world.http(guessed).get('webhooks'))).toEqual([401, 'WRONG_KEY']);
  });
});

describe('the scopes of an access key', () => {
  it('let a reading key look at everything, and change nothing', async () => {
    const { id } = await customer.http.post('webhooks', { json: valid }).json<{ id: string }>();
    const http = world.http((await issue({ scopes: ['read'] })).token);
    const before = await customer.http.get(`webhooks/${id}`).json();
    for (const path of ['webhooks', `webhooks/${id}`, `webhooks/${id}/attempts`, 'event-types']) {
      expect((await http.get(path)).statusCode).toBe(200);
    }
    for (const [method, path] of [
      ['post', 'webhooks'],
      ['patch', `webhooks/${id}`],
      ['delete', `webhooks/${id}`],
      ['post', `webhooks/${id}/replays`],
      ['post', `webhooks/${id}/dead-letters/redeliver`],
      ['post', `webhooks/${id}/dead-letters/x/redeliver`],
      ['delete', `replays/${randomUUID()}`],
      ['post', 'events'],
      ['post', 'customers'],
      ['post', keysOf(customer.id)],
      ['post', 'rejected-events/x/redrive'],
    ] as const) {
      const refused = await http[method](path, method === 'delete' ? {} : { json: {} });
      expect([path, refused.statusCode, refused.body]).toMatchObject([
        path,
        403,
        { error: { reason: 'MISSING_SCOPE', message: expect.stringContaining('needs the scope "write"') } },
      ]);
    }
    expect(await customer.http.get(`webhooks/${id}`).json()).toEqual(before);
  });

  it('let a writing key change things, and look at nothing', async () => {
    const http = world.http((await issue({ scopes: ['write'] })).token);
    const made = await http.post<{ id: string }>('webhooks', { json: valid });
    expect(made.statusCode).toBe(201);
    const refused = await http.get(`webhooks/${made.body.id}`);
    expect([refused.statusCode, refused.body]).toMatchObject([
      403,
      { error: { reason: 'MISSING_SCOPE', message: expect.stringContaining('needs the scope "read"') } },
    ]);
    expect((await http.delete(`webhooks/${made.body.id}`, { responseType: 'text' })).statusCode).toBe(204);
  });

  it('come before the question whose a thing is, and say nothing about it', async () => {
    const http = world.http((await issue({ scopes: ['read'] })).token);
    const others = await world.customer('other');
    const { id } = await others.http.post('webhooks', { json: valid }).json<{ id: string }>();
    const [theirs, nobodys] = [await http.delete(`webhooks/${id}`), await http.delete(`webhooks/${randomUUID()}`)];
    expect([theirs.statusCode, nobodys.statusCode]).toEqual([403, 403]);
    expect(Object(theirs.body).error.message).toBe(Object(nobodys.body).error.message);
    expect(await answer(http.get(`webhooks/${id}`))).toEqual([404, 'NOT_FOUND']);
    expect((await others.http.get('webhooks').json<Listing<unknown>>()).result).toHaveLength(1);
  });
});
