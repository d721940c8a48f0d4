import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Got, Response } from 'got';

import { type TestCustomer, World } from '../support/world/world.ts';

interface ErrorAnswer {
  readonly error: {
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly request_id: string;
    readonly details: ReadonlyArray<{ readonly field: string; readonly message: string }>;
  };
}

const valid = { url: 'https://example.com/hooks', event_types: ['call_hangup'] };
let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({}, ['config']);
  customer = await world.customer();
});

afterAll(() => world.close());

const post = (json: unknown, http: Got = customer.http): Promise<Response<ErrorAnswer>> =>
  http.post<ErrorAnswer>('webhooks', { json, responseType: 'json' });
const postRaw = (body: string, contentType = 'application/json'): Promise<Response<ErrorAnswer>> =>
  customer.http.post<ErrorAnswer>('webhooks', { body, headers: { 'content-type': contentType }, responseType: 'json' });
const count = async (): Promise<number> =>
  (await customer.http.get('webhooks').json<{ result: unknown[] }>()).result.length;

describe('input that is refused', () => {
  it.each<[string, object, string[]]>([
    ['nothing', {}, ['url', 'event_types']],
    ['no url', { event_types: ['*'] }, ['url']],
    ['http', { ...valid, url: 'http://example.com' }, ['url']],
    ['a relative url', { ...valid, url: '/hooks' }, ['url']],
    ['credentials', { ...valid, url: 'https://a:b@example.com' }, ['url']],
    ['a fragment', { ...valid, url: 'https://example.com/#a' }, ['url']],
    ['a long url', { ...valid, url: `https://example.com/${'a'.repeat(2_048)}` }, ['url']],
    ['no event types', { url: valid.url }, ['event_types']],
    ['empty event types', { ...valid, event_types: [] }, ['event_types']],
    ['event types that are no array', { ...valid, event_types: 'call_hangup' }, ['event_types']],
    ['an unknown event type', { ...valid, event_types: ['*', 'call_hangupp'] }, ['event_types[1]']],
    ['a repeated event type', { ...valid, event_types: ['*', '*'] }, ['event_types[1]']],
    ['an unknown field', { ...valid, event_type: 'x' }, ['event_type']],
    ['everything wrong', { url: 1, event_types: [1], signatures: 1 }, ['url', 'event_types[0]', 'signatures']],
  ])('%s: 400, one detail a field, nothing stored', async (_name, body, fields) => {
    const { statusCode, headers, body: answer } = await post(body);
    expect(statusCode).toBe(400);
    expect(answer.error).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'INVALID_FIELDS' });
    expect(answer.error.details.map(({ field }) => field)).toEqual(fields);
    expect(answer.error.request_id).toBe(headers['x-request-id']);
    expect(await count()).toBe(0);
  });

  it('names the nearest known event type and field', async () => {
    const { body } = await post({ ...valid, event_types: ['call_hangupp'], event_typs: 1 });
    const messages = body.error.details.map(({ message }) => message).join('\n');
    expect(messages).toMatch(/"call_hangupp" is not a known event type; did you mean call_hangup\b/);
    expect(messages).toMatch(/did you mean event_types\?/);
  });

  it.each([
    ['{"url":', 'NOT_JSON'],
    ['[]', 'NOT_AN_OBJECT'],
    ['"text"', 'NOT_AN_OBJECT'],
    ['null', 'NOT_AN_OBJECT'],
    ['', 'NO_BODY'],
  ])('the body %j: 400', async (body, reason) => {
    const answer = await postRaw(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.body.error.reason).toBe(reason);
  });

  it('a body over 256 KiB: 413, also when its length is not announced', async () => {
    const large = JSON.stringify({ ...valid, padding: 'x'.repeat(256 * 1024) });
    expect((await postRaw(large)).statusCode).toBe(413);
    const chunks = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(large.slice(0, 1_000));
      yield Buffer.from(large.slice(1_000));
    };
    const headers = { 'content-type': 'application/json' };
    expect((await customer.http.post('webhooks', { body: chunks(), headers })).statusCode).toBe(413);
  });

  it('a body that is not declared as JSON, or is compressed: 415', async () => {
    const body = JSON.stringify(valid);
    expect((await postRaw(body, 'text/plain')).statusCode).toBe(415);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await customer.http.post('webhooks', { body, headers })).statusCode).toBe(415);
  });

  it('an unknown path: 404, a wrong method: 405 with what is allowed', async () => {
    const unknown = await customer.http.get<ErrorAnswer>('nothing/here');
    expect([unknown.statusCode, unknown.body.error.reason]).toEqual([404, 'NO_SUCH_CALL']);
    const wrong = await customer.http.put<ErrorAnswer>('webhooks', { json: {} });
    expect([wrong.statusCode, wrong.body.error.status]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(wrong.headers.allow?.split(', ').toSorted()).toEqual(['GET', 'POST']);
  });

  it.each(['%FF', 'a', '..%2f', '0', randomUUID()])('the webhook %s: 404', async (id) => {
    const { statusCode, body } = await customer.http.get<ErrorAnswer>(`webhooks/${id}`);
    expect([statusCode, body.error.status]).toEqual([404, 'NOT_FOUND']);
  });

  it.each(['page_size=0', 'page_size=101', 'page_size=x', 'page_token=x', 'page_size=1&page_size=2'])(
    '?%s: 400',
    async (query) => {
      expect((await customer.http.get(`webhooks?${query}`)).statusCode).toBe(400);
    },
  );

  it('says nothing of how it is made', async () => {
    const answers = await Promise.all([
      postRaw('{'),
      customer.http.get<ErrorAnswer>('webhooks/%FF'),
      customer.http.get<ErrorAnswer>('nothing'),
      post(valid, world.http('nonsense')),
    ]);
    for (const { body, headers } of answers) {
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts\b|\.js\b|mongo|kafka|nest|express|Cannot/i);
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('echoes a usable request id, and replaces any other', async () => {
    const id = async (given: string): Promise<unknown> =>
      (await customer.http.get('webhooks', { headers: { 'x-request-id': given } })).headers['x-request-id'];
    expect(await id('my-request.7')).toBe('my-request.7');
    expect(await id('a b"c')).not.toBe('a b"c');
  });
});

describe('keys', () => {
  const wrong = [undefined, 'nonsense', `ak_${randomUUID()}_${'a'.repeat(43)}`];

  it.each(wrong)('the key %s: 401, whatever the body', async (key) => {
    const { statusCode, headers, body } = await world
      .http(key)
      .post<ErrorAnswer>('webhooks', { body: 'x'.repeat(300_000), headers: { 'content-encoding': 'gzip' } });
    expect([statusCode, body.error.status]).toEqual([401, 'UNAUTHENTICATED']);
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it('a key whose secret is another: 401', async () => {
    const { token } = await world
      .operator()
      .post(`customers/${customer.id}/accesskeys`, { json: { name: 'other' } })
      .json<{ token: string }>();
    const altered = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    expect((await world.http(altered).get('webhooks')).statusCode).toBe(401);
    expect((await world.http(token).get('webhooks')).statusCode).toBe(200);
  });

  it.each(['customers', `customers/${randomUUID()}/accesskeys`, 'events'])(
    "a customer's key on POST /%s: 403, whatever the body",
    async (path) => {
      const { statusCode, body } = await customer.http.post<ErrorAnswer>(path, { body: '{' });
      expect([statusCode, body.error.status]).toEqual([403, 'PERMISSION_DENIED']);
    },
  );
});
