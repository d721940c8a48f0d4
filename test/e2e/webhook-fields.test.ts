import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/world/eventually.ts';
import { listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Attempt {
  readonly event_id: string;
  readonly outcome: string;
  readonly reason: string | null;
}

interface ErrorAnswer {
  readonly error: { readonly reason: string; readonly details: ReadonlyArray<{ readonly field: string }> };
}

const MAX_WEBHOOKS = 4;
let world: World;

beforeAll(async () => {
  const settings = { MAX_WEBHOOKS: String(MAX_WEBHOOKS), RETRY_SCHEDULE: '2s,3s,6s,7s' };
  world = await World.open(settings, ['config', 'delivery', 'retry', 'ledger']);
});
afterAll(() => world.close());

const idsAt = (path: string): string[] =>
  world.receiver.received(path).map(({ headers }) => String(headers['webhook-id']));
const attemptsOf = (customer: TestCustomer, id: string): Promise<Attempt[]> =>
  listAll(customer.http, `webhooks/${id}/attempts`);

async function registered(customer: TestCustomer, path: string, given: object): Promise<{ id: string }> {
  const json = { url: world.receiver.origin + path, event_types: ['call_*'], ...given };
  const { statusCode, body } = await customer.http.post<{ id: string }>('webhooks', { json });
  expect(statusCode).toBe(201);
  return body;
}

/** Puts an event about a call on Kafka; its id. */
async function call(customer: TestCustomer, data: Record<string, unknown> = {}): Promise<string> {
  const event = world.sample('call_hangup', customer.id, data);
  await world.produce(event);
  return event.id;
}

describe('the filter of a webhook', () => {
  it('keeps what it does not let through from the endpoint, and nothing else, before and after a change', async () => {
    const customer = await world.customer();
    const own = 'aaaaaaaa-0000-4000-8000-000000000001';
    const other = 'aaaaaaaa-0000-4000-8000-000000000002';
    const wanting = (flow: string) => ({ filter: { field: 'data.activeflow_id', equals: flow } });
    const { id } = await registered(customer, '/filtered', wanting(own));
    await registered(customer, '/everything', {});
    const send = async (): Promise<[string, string]> => [
      await call(customer, { activeflow_id: own }),
      await call(customer, { activeflow_id: other }),
    ];
    const [first, firstOther] = await send();
    await world.receiver.waitFor('/everything', 2);
    await world.receiver.waitFor('/filtered', 1);
    const { statusCode, body } = await customer.http.patch<object>(`webhooks/${id}`, { json: wanting(other) });
    expect([statusCode, body]).toEqual([200, expect.objectContaining(wanting(other))]);
    const [second, secondOther] = await send();
    const all = new Set([first, firstOther, second, secondOther]);
    await world.receiver.waitFor('/everything', all.size);
    await world.receiver.waitFor('/filtered', 2);
    expect(new Set(idsAt('/everything'))).toEqual(all);
    expect(new Set(idsAt('/filtered'))).toEqual(new Set([first, secondOther]));
  });

  it('is a 400 that names the part which is wrong', async () => {
    const customer = await world.customer();
    const json = { url: world.receiver.origin, event_types: ['*'], filter: { all: [{ field: 'data.a', like: '%' }] } };
    const { statusCode, body } = await customer.http.post<ErrorAnswer>('webhooks', { json });
    expect([statusCode, body.error.details.map(({ field }) => field)]).toEqual([400, ['filter.all[0].like']]);
  });
});

describe('method and headers of a webhook', () => {
  it('come with every request, retries included; secrets among them are shown nowhere', async () => {
    const customer = await world.customer();
    world.receiver.on('/own', { kind: 'fail_first', failures: 1, status: 500 });
    const headers = { 'X-Tenant': 'blue', Authorization: 'Bearer s3cret-value' };
    const webhook = await registered(customer, '/own', { method: 'PUT', headers });
    const shown = { method: 'PUT', headers: { 'x-tenant': 'blue', authorization: '[hidden]' } };
    expect(webhook).toMatchObject(shown);
    await call(customer);
    await world.receiver.waitFor('/own', 2);
    for (const { method, headers: got } of world.receiver.received('/own')) {
      expect(method).toBe('PUT');
      expect(got).toMatchObject({ 'x-tenant': 'blue', authorization: 'Bearer s3cret-value' });
    }
    const path = `webhooks/${webhook.id}`;
    const json = { headers: { 'x-tenant': null, 'x-more': '1' } };
    const changed = await customer.http.patch<object>(path, { json });
    expect(changed.body).toMatchObject({ headers: { authorization: '[hidden]', 'x-more': '1' } });
    const attempts = await attemptsOf(customer, webhook.id);
    const read = [await customer.http.get(path).text(), await customer.http.get('webhooks').text(), attempts];
    expect(JSON.stringify(read) + world.lines.join()).not.toContain('s3cret-value');
  });
});

describe('a webhook that is paused', () => {
  it('gets nothing; what arrives is recorded as skipped, and a replay can send it', async () => {
    const customer = await world.customer();
    const { id } = await registered(customer, '/paused', { status: 'paused' });
    await registered(customer, '/beside', {});
    const since = new Date(Date.now() - 1_000).toISOString();
    const missed = await call(customer);
    await world.receiver.waitFor('/beside', 1);
    const [skipped] = await eventually(
      () => attemptsOf(customer, id),
      (attempts) => attempts.length === 1,
    );
    expect(skipped).toMatchObject({ event_id: missed, outcome: 'skipped', reason: 'webhook_paused' });
    const event = await customer.http.get(`events/${missed}`).json<{ deliveries: Array<object> }>();
    expect(event.deliveries).toContainEqual(expect.objectContaining({ webhook_id: id, state: 'skipped' }));
    const replay = { since, until: new Date(Date.now() + 1_000).toISOString(), only: 'failed' };
    const refused = await customer.http.post<ErrorAnswer>(`webhooks/${id}/replays`, { json: replay });
    expect([refused.statusCode, refused.body.error.reason]).toEqual([409, 'WEBHOOK_NOT_ACTIVE']);

    await customer.http.patch(`webhooks/${id}`, { json: { status: 'active' } });
    expect(world.receiver.received('/paused')).toEqual([]);
    expect((await customer.http.post(`webhooks/${id}/replays`, { json: replay })).statusCode).toBe(202);
    await world.receiver.waitFor('/paused', 1);
    expect(idsAt('/paused')).toEqual([missed]);
  });

  it('keeps what waits for another attempt waiting, and gets it when it is active again', async () => {
    const customer = await world.customer();
    world.receiver.on('/waiting', { kind: 'status', status: 500 });
    const { id } = await registered(customer, '/waiting', {});
    const waiting = await call(customer);
    await world.receiver.waitFor('/waiting', 1);
    await customer.http.patch(`webhooks/${id}`, { json: { status: 'paused' } });
    await eventually(
      () => attemptsOf(customer, id),
      (attempts) => attempts.some(({ outcome, reason }) => outcome === 'held' && reason === 'webhook_paused'),
    );
    const before = world.receiver.received('/waiting').length;
    world.receiver.on('/waiting', { kind: 'status', status: 200 });
    await customer.http.patch(`webhooks/${id}`, { json: { status: 'active' } });
    await world.receiver.waitFor('/waiting', before + 1);
    await eventually(
      () => attemptsOf(customer, id),
      (attempts) => attempts.some(({ event_id, outcome }) => event_id === waiting && outcome === 'delivered'),
    );
  });
});

it('a customer has no more webhooks than the cap, however many are asked for at once', async () => {
  const customer = await world.customer();
  const json = { url: world.receiver.origin, event_types: ['*'] };
  const asked = await Promise.all(
    Array.from({ length: 20 }, () => customer.http.post<ErrorAnswer>('webhooks', { json })),
  );
  const refused = asked.filter(({ statusCode }) => statusCode === 409);
  expect(refused.map(({ body }) => body.error.reason)).toEqual(refused.map(() => 'TOO_MANY_WEBHOOKS'));
  expect(asked.filter(({ statusCode }) => statusCode === 201).length).toBe(20 - refused.length);
  expect(20 - refused.length).toBeLessThanOrEqual(MAX_WEBHOOKS);

  const webhooks = async (): Promise<Array<{ id: string }>> => listAll(customer.http, 'webhooks');
  while ((await webhooks()).length < MAX_WEBHOOKS) await registered(customer, '/', {});
  expect((await customer.http.post('webhooks', { json })).statusCode).toBe(409);
  const [one] = await webhooks();
  await customer.http.delete(`webhooks/${one?.id}`);
  expect((await customer.http.post('webhooks', { json })).statusCode).toBe(201);
});

describe('a test of a webhook', () => {
  const test = (customer: TestCustomer, id: string, json: object = { event_type: 'call_hangup' }) =>
    customer.http.post<Record<string, unknown>>(`webhooks/${id}/test`, { json });

  it('sends a marked sample now, whatever the status and the filter, and tells what came of it', async () => {
    const customer = await world.customer();
    const { id } = await registered(customer, '/test', { status: 'paused', filter: { field: 'id', equals: 'none' } });
    const { statusCode, body } = await test(customer, id, { event_type: 'message_created' });
    expect(statusCode).toBe(200);
    const [request] = world.receiver.received('/test');
    expect(request?.headers).toMatchObject({
      'webhook-test': 'true',
      'webhook-attempt': '1',
      'webhook-sequence': '0.0',
    });
    const sent = JSON.parse(request?.body ?? '');
    expect(sent).toMatchObject({ id: request?.headers['webhook-id'], type: 'message_created', test: true, data: {} });
    expect(body).toMatchObject({
      event_id: sent.id,
      event_type: 'message_created',
      outcome: 'delivered',
      status: 200,
      reason: null,
      request: { method: 'POST', url: `${world.receiver.origin}/test`, body: request?.body },
      timing: { total_ms: expect.any(Number) },
    });
    expect(await attemptsOf(customer, id)).toEqual([]);
  });

  it('tells how it failed', async () => {
    const customer = await world.customer();
    world.receiver.on('/test-bad', { kind: 'status', status: 403 });
    const { id } = await registered(customer, '/test-bad', {});
    expect((await test(customer, id)).body).toMatchObject({ outcome: 'failed', status: 403, reason: 'http_status' });
  });

  it("is a 400 for a type that nobody knows, and a 404 for somebody else's webhook", async () => {
    const customer = await world.customer();
    const stranger = await world.customer();
    const { id } = await registered(customer, '/test', {});
    expect((await test(customer, id, { event_type: 'call_hangupp' })).body).toMatchObject({
      error: { details: [{ field: 'event_type', message: expect.stringContaining('did you mean call_hangup') }] },
    });
    expect((await test(stranger, id, {})).statusCode).toBe(404);
  });

  it('runs beside at most four others of its customer', async () => {
    const customer = await world.customer();
    world.receiver.on('/test-slow', { kind: 'hang' });
    const { id } = await registered(customer, '/test-slow', {});
    const answers = await Promise.all(Array.from({ length: 6 }, () => test(customer, id)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(5);
    expect(answers.filter(({ statusCode }) => statusCode === 409)).toHaveLength(1);
  });
});
