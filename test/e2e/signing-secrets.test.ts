import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Store } from '#libs/store';
import got from 'got';
import { Webhook as Verifier } from 'standardwebhooks';

import { type Delivery, verifyInPython } from '../support/python/verify.ts';
import { eventually } from '../support/world/eventually.ts';
import type { ReceivedRequest } from '../support/world/receiver.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Secret {
  readonly secret: string;
  readonly previous_secrets: ReadonlyArray<{ readonly tm_expire: string }>;
}

interface ErrorAnswer {
  readonly error: { readonly reason: string; readonly message: string };
}

const DAY_MS = 86_400_000;
const newKey = (): string => randomBytes(32).toString('base64');
const newSecret = (bytes = 32): string => `whsec_${randomBytes(bytes).toString('base64')}`;
const [olderKey, newerKey] = [newKey(), newKey()];

let world: World;
beforeAll(async () => {
  world = await World.open({ SECRETS_KEY: olderKey, LOG_LEVEL: 'trace', DRAIN_LIMIT_MS: '5000' });
});
afterAll(() => world.close());

/** Delivers one more event; the request in which it came. */
async function delivered(customer: TestCustomer, path: string): Promise<ReceivedRequest> {
  const event = world.sample('call_hangup', customer.id);
  const count = world.receiver.received(path).length + 1;
  await world.produce(event);
  const found = (await world.receiver.waitFor(path, count)).at(-1);
  expect(found?.headers['webhook-id']).toBe(event.id);
  return found!;
}

const asHeld = ({ headers, body }: ReceivedRequest, secret: string): Delivery => ({
  secret,
  body,
  headers: Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
  ),
});

function acceptedInJavaScript({ secret, body, headers }: Delivery): boolean {
  try {
    new Verifier(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** Ends the overlap of a webhook's secrets as the passing of a day would, and has the workers learn of it. */
async function dayPassed(customer: TestCustomer, id: string): Promise<void> {
  const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
  const webhooks = store.collection<{ _id: string }>('webhooks');
  await webhooks.updateOne({ _id: id }, { $set: { 'secrets.1.expires_at': new Date(Date.now() - 1) } });
  await store.close();
  const { statusCode } = await customer.http.patch(`webhooks/${id}`, { json: { name: 'a day later' } });
  expect(statusCode).toBe(200);
}

const ownSecret = (customer: TestCustomer, id: string) => customer.http.get<Secret>(`webhooks/${id}/secret`);
const rotate = (customer: TestCustomer, id: string, json?: object) =>
  customer.http.post<Secret & ErrorAnswer>(`webhooks/${id}/secret/rotate`, json === undefined ? {} : { json });

describe('a rotation', () => {
  it('has the official libraries accept the old secret until it expires, and the new one from the answer on', async () => {
    const customer = await world.customer();
    const { id, secret } = await customer.webhook('/rotated', ['call_hangup']);
    const requests = [await delivered(customer, '/rotated')];
    const rotated = (await rotate(customer, id)).body.secret;
    requests.push(await delivered(customer, '/rotated'));
    await dayPassed(customer, id);
    requests.push(await delivered(customer, '/rotated'));

    const deliveries = requests.flatMap((request) => [asHeld(request, secret), asHeld(request, rotated)]);
    const verdicts = [true, false, true, true, false, true];
    expect(deliveries.map(acceptedInJavaScript)).toEqual(verdicts);
    expect(await verifyInPython(deliveries)).toEqual(verdicts);
    expect(requests.map(({ headers }) => String(headers['webhook-signature']).split(' ').length)).toEqual([1, 2, 1]);
  });

  it('takes a secret of the customer, says until when the old ones are used, and refuses a fifth', async () => {
    const customer = await world.customer();
    const given = newSecret(24);
    const json = { url: `${world.receiver.origin}/own`, event_types: ['*'], secret: given };
    const created = await customer.http.post<{ id: string; secret: string }>('webhooks', { json });
    expect([created.statusCode, created.body.secret]).toEqual([201, given]);
    const { id } = created.body;
    const before = Date.now();
    const next = newSecret(64);
    const { statusCode, body, headers } = await rotate(customer, id, { secret: next });
    expect([statusCode, body.secret, headers['cache-control']]).toEqual([200, next, 'no-store']);
    const [previous] = body.previous_secrets;
    const expires = Date.parse(previous?.tm_expire ?? '');
    expect([expires >= before + DAY_MS, expires <= Date.now() + DAY_MS]).toEqual([true, true]);
    expect((await ownSecret(customer, id)).body).toEqual(body);
    expect((await rotate(customer, id, { secret: next })).body).toEqual(body);
    for (let count = 3; count <= 4; count += 1) expect((await rotate(customer, id)).statusCode).toBe(200);
    const refused = await rotate(customer, id);
    expect([refused.statusCode, refused.body.error.reason]).toEqual([409, 'TOO_MANY_SECRETS']);
    expect(refused.body.error.message).toContain(previous?.tm_expire.slice(0, 19));
    const outdated = await customer.http.post<ErrorAnswer>(`webhooks/${id}/secret/rotate`, {
      headers: { 'if-match': '"1"' },
    });
    expect([outdated.statusCode, outdated.body.error.reason]).toEqual([412, 'OUTDATED']);
  });
});

describe('a signing secret', () => {
  it('is shown by its creation and by /secret to its customer only, and is nowhere else', async () => {
    const customer = await world.customer();
    const { id, secret } = await customer.webhook('/hidden', ['*']);
    const rotated = (await rotate(customer, id)).body.secret;
    await delivered(customer, '/hidden');
    const other = await world.customer('other');
    const operator = world.operator();
    expect((await ownSecret(other, id)).statusCode).toBe(404);
    expect((await rotate(other, id, { secret: 'whatever' })).statusCode).toBe(404);
    expect((await other.http.get(`webhooks/${randomUUID()}/secret`)).statusCode).toBe(404);
    const { token } = await operator
      .post(`customers/${customer.id}/accesskeys`, { json: { name: 'reports', scopes: ['read'] } })
      .json<{ token: string }>();
    expect((await world.http(token).get(`webhooks/${id}/secret`)).statusCode).toBe(403);

    const wrong = `${newSecret()}?`;
    const said = [
      (await customer.http.get(`webhooks/${id}`)).body,
      (await customer.http.patch(`webhooks/${id}`, { json: { name: 'n' } })).body,
      (await customer.http.get('webhooks')).body,
      (await customer.http.post(`webhooks/${id}/test`, { json: { event_type: 'call_hangup' } })).body,
      (await customer.http.patch(`webhooks/${id}`, { json: { secret } })).body,
      (await rotate(customer, id, { secret: wrong })).body,
      await metricsOf('config'),
      await metricsOf('delivery'),
      world.lines.join('\n'),
      await stored(id),
    ].map((it) => (typeof it === 'string' ? it : JSON.stringify(it)));
    expect(world.lines.length).toBeGreaterThan(0);
    for (const text of said) {
      for (const hidden of [secret, rotated, wrong].map((it) => it.slice('whsec_'.length, -2))) {
        expect(text).not.toContain(hidden);
      }
    }
  });
});

describe('SECRETS_KEY', () => {
  it('can be replaced while everything runs: afterwards the new key alone is enough', async () => {
    const customer = await world.customer();
    const { id, secret } = await customer.webhook('/resealed', ['call_hangup']);
    const headers = { authorization: 'Bearer t0ken-of-the-endpoint' };
    expect((await customer.http.patch(`webhooks/${id}`, { json: { headers } })).statusCode).toBe(200);
    for (const keys of [`${olderKey},${newerKey}`, `${newerKey},${olderKey}`])
      await world.restart('config', { SECRETS_KEY: keys });
    const done = (metrics: string): boolean => metrics.includes('webhook_sealed_values{key="older",app="config"} 0');
    await eventually(() => metricsOf('config'), done);
    for (const name of ['config', 'delivery'] as const) await world.restart(name, { SECRETS_KEY: newerKey });
    const request = await delivered(customer, '/resealed');
    expect([acceptedInJavaScript(asHeld(request, secret)), request.headers['authorization']]).toEqual([
      true,
      headers.authorization,
    ]);
    expect((await ownSecret(customer, id)).body.secret).toBe(secret);
  });
});

async function metricsOf(name: 'config' | 'delivery'): Promise<string> {
  return await got(`${world.app(name).address}/metrics`).text();
}

/** A webhook as MongoDB has it. */
async function stored(id: string): Promise<object> {
  const store = new Store({ uri: world.env['MONGODB_URI'] ?? '' });
  try {
    return Object(await store.collection<{ _id: string }>('webhooks').findOne({ _id: id }));
  } finally {
    await store.close();
  }
}
