import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isControlRecord } from '#libs/kafka';

import { type TestCustomer, World } from '../support/world/world.ts';

interface WebhookAnswer {
  readonly id: string;
  readonly customer_id: string;
  readonly secret?: string;
}

interface Listing {
  readonly result: readonly WebhookAnswer[];
  readonly next_page_token: string;
}

const valid = { url: 'https://example.com/hooks', event_types: ['call_hangup'] };
let world: World;

beforeAll(async () => {
  world = await World.open({}, ['config']);
});

afterAll(() => world.close());

const create = (by: TestCustomer): Promise<WebhookAnswer> => by.http.post('webhooks', { json: valid }).json();

describe('customers', () => {
  it('are made with an id of their own or one that the platform uses already, once', async () => {
    const id = 'AAAAAAAA-0000-0000-1111-111111111111'.replace('AAAAAAAA', randomUUID().slice(0, 8).toUpperCase());
    const first = await world.operator().post<{ id: string }>('customers', { json: { name: 'Given', id } });
    expect([first.statusCode, first.body.id]).toEqual([201, id.toLowerCase()]);
    const again = await world.operator().post('customers', { json: { name: 'Given', id } });
    expect([again.statusCode, again.body]).toMatchObject([409, { error: { status: 'ALREADY_EXISTS' } }]);
    const key = await world.operator().post(`customers/${id}/accesskeys`, { json: { name: 'first' } });
    expect(key.statusCode).toBe(201);
    expect((await world.operator().post('customers', { json: { name: ' ' } })).statusCode).toBe(400);
    expect((await world.operator().post('customers', { json: { name: 'x', id: 'seven' } })).statusCode).toBe(400);
  });

  it('that are unknown get no key: 404, whatever the body', async () => {
    for (const id of [randomUUID(), 'seven', '%20']) {
      expect((await world.operator().post(`customers/${id}/accesskeys`, { body: '{' })).statusCode).toBe(404);
    }
  });
});

describe('a webhook', () => {
  it('is answered with all it has, its secret only once', async () => {
    const customer = await world.customer();
    const { statusCode, body } = await customer.http.post<WebhookAnswer>('webhooks', { json: valid });
    expect(statusCode).toBe(201);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const shown = {
      id: expect.any(String),
      customer_id: customer.id,
      name: null,
      description: null,
      ...valid,
      status: 'active',
      disabled_reason: null,
      disabled_at: null,
      success: '200',
      signatures: ['standard'],
      method: 'POST',
      headers: {},
      rate_limit: null,
      filter: null,
      tm_create: time,
      tm_update: time,
    };
    expect(body).toEqual({ ...shown, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) });
    expect(await customer.http.get(`webhooks/${body.id}`).json()).toEqual(shown);
    expect((await customer.http.get('webhooks').json<Listing>()).result).toEqual([shown]);
    expect((await world.operator().get(`webhooks/${body.id}`)).body).toEqual(shown);
  });

  it('is announced on every partition of the event topic before the answer', async () => {
    const customer = await world.customer();
    await create(customer);
    const watch = await world.watch('resource-events');
    const partitions = new Set<number>();
    await watch.next((record) => {
      if (isControlRecord(record) && record.key?.toString() === customer.id) partitions.add(record.partition);
      return partitions.size === Number(world.env['TOPIC_PARTITIONS']);
    });
    expect(partitions.size).toBe(6);
  });

  it('is disabled and enabled again by PATCH, announced each time before the answer', async () => {
    const customer = await world.customer();
    const made = await create(customer);
    const { secret: _, ...shown } = made;
    const patch = (status: string) => customer.http.patch<WebhookAnswer>(`webhooks/${made.id}`, { json: { status } });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const off = { ...shown, status: 'disabled', disabled_reason: 'requested', disabled_at: time, tm_update: time };
    const disabled = await patch('disabled');
    expect([disabled.statusCode, disabled.body]).toEqual([200, off]);
    expect((await patch('disabled')).body).toEqual(disabled.body);
    expect(await customer.http.get(`webhooks/${made.id}`).json()).toEqual(disabled.body);
    const enabled = await patch('active');
    expect([enabled.statusCode, enabled.body]).toEqual([200, { ...shown, tm_update: time }]);
    expect((await patch('active')).body).toEqual(enabled.body);

    const watch = await world.watch('resource-events');
    const seen = new Map<number, number>();
    await watch.next((record) => {
      const { partition } = record;
      if (isControlRecord(record) && record.key?.toString() === customer.id) {
        seen.set(partition, (seen.get(partition) ?? 0) + 1);
      }
      return seen.size === 6 && [...seen.values()].every((count) => count === 5);
    });
  });

  it('is changed field by field by PATCH', async () => {
    const customer = await world.customer();
    const { id, secret: _, ...made } = await create(customer);
    const change = { url: 'https://example.com/other', event_types: ['*'], name: 'Orders', success: '2xx' };
    const changed = await customer.http.patch<WebhookAnswer>(`webhooks/${id}`, { json: change });
    const shown = { id, ...made, ...change, tm_update: expect.any(String) };
    expect([changed.statusCode, changed.body]).toEqual([200, shown]);
    const cleared = await customer.http.patch<WebhookAnswer>(`webhooks/${id}`, { json: { name: null } });
    expect([cleared.statusCode, cleared.body]).toEqual([200, { ...shown, name: null }]);
    expect(await customer.http.get(`webhooks/${id}`).json()).toEqual(cleared.body);
  });

  it('is not changed by one who saw it before another change', async () => {
    const customer = await world.customer();
    const made = await customer.http.post<WebhookAnswer>('webhooks', { json: valid });
    const path = `webhooks/${made.body.id}`;
    const seen = made.headers.etag ?? '';
    expect(seen).toMatch(/^"\d+"$/);
    expect((await customer.http.get(path)).headers.etag).toBe(seen);
    const patch = (name: string, tag: string) =>
      customer.http.patch(path, { json: { name }, headers: { 'if-match': tag } });
    const first = await patch('first', seen);
    expect([first.statusCode, first.headers.etag === seen]).toEqual([200, false]);
    const second = await patch('second', seen);
    expect([second.statusCode, second.body]).toMatchObject([
      412,
      { error: { status: 'PRECONDITION_FAILED', reason: 'OUTDATED' } },
    ]);
    expect(await customer.http.get(path).json()).toMatchObject({ name: 'first' });
    expect((await patch('third', first.headers.etag ?? '')).statusCode).toBe(200);
    expect((await patch('fourth', '*')).statusCode).toBe(200);
    const malformed = await patch('fifth', 'seven');
    expect([malformed.statusCode, malformed.body]).toMatchObject([
      400,
      { error: { details: [{ field: 'If-Match' }] } },
    ]);
  });

  it('says what is wrong with a change', async () => {
    const customer = await world.customer();
    const { id } = await create(customer);
    const refusal = async (json: object): Promise<unknown> => {
      const { statusCode, body } = await customer.http.patch(`webhooks/${id}`, { json });
      return [statusCode, Object(body).error];
    };
    expect(await refusal({})).toMatchObject([400, { reason: 'NO_CHANGE' }]);
    expect(await refusal({ status: 'active', stauts: 'x' })).toMatchObject([400, { details: [{ field: 'stauts' }] }]);
    expect(await refusal({ customer_id: customer.id })).toMatchObject([400, { details: [{ field: 'customer_id' }] }]);
  });

  it('is gone once deleted', async () => {
    const customer = await world.customer();
    const { id } = await create(customer);
    const deleted = await customer.http.delete(`webhooks/${id}`, { responseType: 'text' });
    expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
    expect((await customer.http.get(`webhooks/${id}`)).statusCode).toBe(404);
    expect((await customer.http.delete(`webhooks/${id}`)).statusCode).toBe(404);
    expect((await customer.http.get('webhooks').json<Listing>()).result).toEqual([]);
  });

  it("made by the operator is the given customer's", async () => {
    const customer = await world.customer();
    const json = { ...valid, customer_id: customer.id.toUpperCase() };
    const made = await world.operator().post<WebhookAnswer>('webhooks', { json });
    expect([made.statusCode, made.body.customer_id]).toEqual([201, customer.id]);
    expect((await customer.http.get(`webhooks/${made.body.id}`)).statusCode).toBe(200);
    for (const customerId of [undefined, 'seven', randomUUID()]) {
      const refused = await world.operator().post('webhooks', { json: { ...valid, customer_id: customerId } });
      expect([refused.statusCode, refused.body]).toMatchObject([
        400,
        { error: { details: [{ field: 'customer_id' }] } },
      ]);
    }
  });
});

describe('a list', () => {
  it('has every webhook once, page by page', async () => {
    const customer = await world.customer();
    const made = await Promise.all(Array.from({ length: 7 }, () => create(customer)));
    const seen: string[] = [];
    let token = '';
    do {
      const page: Listing = await customer.http
        .get('webhooks', { searchParams: { page_size: 3, page_token: token } })
        .json();
      expect(page.result.length).toBeLessThanOrEqual(3);
      seen.push(...page.result.map(({ id }) => id));
      token = page.next_page_token;
    } while (token !== '');
    expect(seen.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
  });
});

describe("another customer's webhook", () => {
  it('is as good as unknown in every call, and stays as it is', async () => {
    const [owner, other] = [await world.customer(), await world.customer()];
    const { id } = await create(owner);
    const unknown = randomUUID();
    for (const method of ['get', 'delete', 'patch'] as const) {
      const theirs = await other.http[method](`webhooks/${id}`, { headers: { 'x-request-id': 'same' } });
      const nobodys = await other.http[method](`webhooks/${unknown}`, { headers: { 'x-request-id': 'same' } });
      expect([theirs.statusCode, theirs.body]).toEqual([404, nobodys.body]);
    }
    expect((await other.http.get('webhooks').json<Listing>()).result).toEqual([]);
    const json = { ...valid, customer_id: owner.id };
    expect((await other.http.post('webhooks', { json })).statusCode).toBe(400);
    expect((await owner.http.get('webhooks').json<Listing>()).result.map((webhook) => webhook.id)).toEqual([id]);
  });

  it("is not reached with a token of another customer's list", async () => {
    const [owner, other] = [await world.customer(), await world.customer()];
    await Promise.all([create(owner), create(owner)]);
    const { next_page_token: token } = await owner.http.get('webhooks?page_size=1').json<Listing>();
    const page = await other.http.get('webhooks', { searchParams: { page_token: token } }).json<Listing>();
    expect(page.result).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('is shown to any valid key', async () => {
    const customer = await world.customer();
    const { result } = await customer.http.get('event-types').json<{ result: Array<{ type: string }> }>();
    expect(result).toHaveLength(world.catalogue.eventTypes.size);
    expect(result).toContainEqual(
      expect.objectContaining({ type: 'call_hangup', resource_type: 'call', group: 'call' }),
    );
    expect((await world.operator().get('event-types')).statusCode).toBe(200);
  });
});
