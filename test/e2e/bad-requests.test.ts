import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type TestCustomer, World } from '../support/world/world.ts';

interface ErrorBody {
  readonly error: {
    readonly status: string;
    readonly message: string;
    readonly request_id: string;
    readonly details: ReadonlyArray<{ readonly field: string; readonly message: string }>;
  };
}

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({}, ['config']);
  customer = await world.customer();
});

afterAll(() => world.close());

const good = { url: 'https://example.com/hook', event_types: ['call_hangup'] };

async function webhooksOf({ http }: TestCustomer): Promise<Array<{ id: string }>> {
  return (await http.get('webhooks').json<{ result: Array<{ id: string }> }>()).result;
}

describe('POST /webhooks', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['without a url', { url: undefined }, 'url', 'is required'],
    ['with an http url', { url: 'http://example.com/' }, 'url', 'https'],
    ['with a relative url', { url: '/hook' }, 'url', 'absolute'],
    ['with a url that lacks its slashes', { url: 'https:example.com' }, 'url', 'absolute'],
    ['with credentials in the url', { url: 'https://me:secret@example.com/' }, 'url', 'password'],
    ['with a fragment in the url', { url: 'https://example.com/#top' }, 'url', 'fragment'],
    ['with a url that is too long', { url: `https://example.com/${'a'.repeat(2_048)}` }, 'url', '2,?048'],
    ['without event types', { event_types: undefined }, 'event_types', 'is required'],
    ['with no event type', { event_types: [] }, 'event_types', 'empty'],
    ['with event types that are no array', { event_types: 'call_hangup' }, 'event_types', 'array'],
    [
      'with an unknown event type',
      { event_types: ['call_hangup', 'call_hangap'] },
      'event_types',
      'call_hangap.*call_hangup',
    ],
    ['with an event type twice', { event_types: ['call_hangup', 'call_hangup'] }, 'event_types', 'twice'],
    ['with an unknown field', { event_type: ['*'] }, 'event_type', 'event_types'],
  ])('%s is a 400 that names the field, and nothing is stored', async (_name, change, field, message) => {
    const before = await webhooksOf(customer);
    const answer = await customer.http.post('webhooks', { json: { ...good, ...change } });
    expect(answer.statusCode).toBe(400);
    const { error } = answer.body as ErrorBody;
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.request_id).toBe(answer.headers['x-request-id']);
    expect(error.details.map((detail) => detail.field)).toEqual([field]);
    expect(error.details[0]!.message).toMatch(new RegExp(message));
    expect(await webhooksOf(customer)).toEqual(before);
  });

  it('with several wrong fields names each of them once', async () => {
    const answer = await customer.http.post('webhooks', { json: { url: 'nowhere', event_types: ['a', 'b'] } });
    expect((answer.body as ErrorBody).error.details.map(({ field }) => field)).toEqual(['url', 'event_types']);
  });

  it.each([
    ['that is not JSON', '{"url":', 'application/json', 400],
    ['that is an array', '[]', 'application/json', 400],
    ['that is larger than 256 KiB', JSON.stringify({ ...good, url: 'a'.repeat(300_000) }), 'application/json', 413],
    ['of another content type', 'url=https://example.com', 'application/x-www-form-urlencoded', 415],
  ])('with a body %s is refused', async (_name, body, contentType, status) => {
    const answer = await customer.http.post('webhooks', { body, headers: { 'content-type': contentType } });
    expect(answer.statusCode).toBe(status);
    expect((answer.body as ErrorBody).error.request_id).not.toBe('');
  });

  it('tells the secret once and never again', async () => {
    const created = await customer.http.post('webhooks', { json: good });
    expect(created.statusCode).toBe(201);
    const { id, secret } = created.body as { id: string; secret: string };
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const read = await customer.http.get(`webhooks/${id}`);
    const list = await customer.http.get('webhooks');
    expect(JSON.stringify([read.body, list.body])).not.toContain(secret.slice(6));
    expect(read.body).not.toHaveProperty('secret');
  });
});

describe('a key', () => {
  it.each([
    ['is missing', undefined],
    ['is wrong', 'ak_00000000-0000-0000-0000-000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['is not a key', 'hello'],
  ])('that %s gets 401 on every call', async (_name, token) => {
    const http = world.http(token);
    const answers = await Promise.all([
      http.get('webhooks'),
      http.post('webhooks', { json: good }),
      http.delete(`webhooks/${randomUUID()}`),
      http.get('event-types'),
      http.post('events', { json: {} }),
      http.post('customers', { json: {} }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(answers[0].headers['www-authenticate']).toBe('Bearer');
  });

  it('of a customer gets 403 on the calls of the operator', async () => {
    const answers = await Promise.all([
      customer.http.post('customers', { json: { name: 'x' } }),
      customer.http.post(`customers/${customer.id}/accesskeys`, { json: { name: 'x' } }),
      customer.http.post('events', { json: {} }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403]);
  });

  it("of one customer finds nothing of another's", async () => {
    const other = await world.customer();
    const { id } = await other.webhook('/theirs', ['*']);
    expect((await customer.http.get(`webhooks/${id}`)).statusCode).toBe(404);
    expect((await customer.http.delete(`webhooks/${id}`)).statusCode).toBe(404);
    expect((await webhooksOf(customer)).map((webhook) => webhook.id)).not.toContain(id);
    expect((await other.http.get(`webhooks/${id}`)).statusCode).toBe(200);
    const foreign = await customer.http.post('webhooks', { json: { ...good, customer_id: other.id } });
    expect(foreign.statusCode).toBe(400);
    expect(await webhooksOf(other)).toHaveLength(1);
  });
});

describe('lists', () => {
  it('come in pages that together hold everything once', async () => {
    const owner = await world.customer();
    const made = await Promise.all(Array.from({ length: 7 }, (_, index) => owner.webhook(`/page/${index}`, ['*'])));
    const seen: string[] = [];
    for (let token = ''; ;) {
      const page = await owner.http
        .get('webhooks', { searchParams: { page_size: 3, page_token: token } })
        .json<{ result: Array<{ id: string }>; next_page_token: string }>();
      expect(page.result.length).toBeLessThanOrEqual(3);
      seen.push(...page.result.map(({ id }) => id));
      token = page.next_page_token;
      if (token === '') break;
    }
    expect(new Set(seen)).toEqual(new Set(made.map(({ id }) => id)));
    expect(seen).toHaveLength(7);
    expect((await owner.http.get('webhooks', { searchParams: { page_size: 101 } })).statusCode).toBe(400);
  });
});

describe('POST /events', () => {
  it('names every field that does not fit its schema', async () => {
    const answer = await world.operator().post('events', {
      json: { type: 'call_hangup', customer_id: customer.id, data: { status: 7, source: { kind: 'tel' } } },
    });
    expect(answer.statusCode).toBe(400);
    const fields = (answer.body as ErrorBody).error.details.map(({ field }) => field);
    expect(new Set(fields)).toEqual(new Set(['data.status', 'data.source.kind']));
  });

  it('names the event type that it does not know and the nearest one', async () => {
    const answer = await world.operator().post('events', { json: { type: 'call_hangop', customer_id: 'c', data: {} } });
    expect(answer.statusCode).toBe(400);
    expect((answer.body as ErrorBody).error.details[0]!.message).toContain('call_hangup');
  });
});

describe('GET /event-types', () => {
  it('lists every event type of the schemas folder', async () => {
    const { result } = await customer.http.get('event-types').json<{ result: Array<{ type: string }> }>();
    expect(new Set(result.map(({ type }) => type))).toEqual(new Set(world.catalogue.eventTypes.keys()));
    expect(result).toHaveLength(107);
  });
});
