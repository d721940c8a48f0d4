import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { AdminApi } from './admin-api.ts';
import { ApiRefusal, ApiUnreachable } from './failures.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A proxy that stands before the API, and does with each request what the test says. */
let server: Server;
let answers: Answer[];
let requests: IncomingMessage[];
let address: string;
let api: AdminApi;

beforeEach(async () => {
  answers = [];
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    request.resume().once('end', () => answers.shift()?.(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: Partial<AddressInfo> = Object(server.address());
  address = `http://127.0.0.1:${port}`;
  api = new AdminApi({ address, key: 'ak_x', timeoutMs: 5_000 });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
const failure = (status: number, reason: string, headers: Record<string, string> = {}): Answer =>
  answer(status, JSON.stringify({ error: { reason, message: 'No.', details: [{ field: 'url', message: 'bad' }] } }), {
    'x-request-id': 'r1',
    ...headers,
  });
const reset: Answer = (request) => void request.socket.destroy();
const newWebhook = { body: { url: 'https://example.com', event_types: ['*'] } };
const failed = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('AdminApi', () => {
  it('sends the key, the path with its ids as they are, the query and the body', async () => {
    answers = [answer(200, '{"result":[],"next_page_token":""}')];
    await api.call('listAttempts', { path: { id: 'a/b?' }, query: { page_size: 5, outcome: 'failed' } });
    expect(requests[0]?.url).toBe('/webhooks/a%2Fb%3F/attempts?page_size=5&outcome=failed');
    expect(requests[0]?.headers).toMatchObject({ authorization: 'Bearer ak_x' });
  });

  it('tells the revision, the id of the request and whether it is a repetition', async () => {
    answers = [answer(201, '{"id":"1"}', { etag: '"1"', 'x-request-id': 'r1', 'idempotency-replayed': 'true' })];
    const told = await api.answer('createWebhook', newWebhook);
    expect(told).toEqual({ body: { id: '1' }, etag: '"1"', requestId: 'r1', repeated: true });
  });

  it('gives null where there is no body, and text that is not JSON as it is', async () => {
    answers = [answer(204, ''), answer(200, 'up 1', { 'content-type': 'text/plain' })];
    expect(await api.call('deleteWebhook', { path: { id: '1' } })).toBeNull();
    expect(await api.call('getMetrics', {})).toBe('up 1');
  });

  it('repeats a POST whose connection breaks or that a pause can mend, with the same Idempotency-Key', async () => {
    answers = [reset, failure(503, 'DEPENDENCY_UNAVAILABLE', { 'retry-after': '0' }), answer(201, '{"id":"1"}')];
    expect(await api.call('createWebhook', newWebhook)).toEqual({ id: '1' });
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
  });

  it('needs no Idempotency-Key where nothing is made again', async () => {
    answers = [reset];
    const once = new AdminApi({ address, key: 'ak_x', retries: 0 });
    expect(await failed(once.call('createWebhook', newWebhook))).toBeInstanceOf(ApiUnreachable);
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual([undefined]);
  });

  it('takes an Idempotency-Key that it is given', async () => {
    answers = [answer(201, '{}')];
    await api.call('createWebhook', { ...newWebhook, headers: { 'Idempotency-Key': 'mine' } });
    expect(requests[0]?.headers['idempotency-key']).toBe('mine');
  });

  it('does not repeat what may not be carried out twice', async () => {
    answers = [failure(503, 'DEPENDENCY_UNAVAILABLE', { 'retry-after': '0' }), reset];
    const refused = await failed(api.call('updateWebhook', { path: { id: '1' }, body: { name: 'x' } }));
    expect(refused).toMatchObject({ status: 503, retryAfterSeconds: 0 });
    const unreachable = await failed(api.call('deleteWebhook', { path: { id: '1' } }));
    expect(unreachable).toBeInstanceOf(ApiUnreachable);
    expect(requests).toHaveLength(2);
  });

  it('tells why the API refuses', async () => {
    answers = [failure(400, 'INVALID_FIELDS')];
    const refused = await failed(api.call('createWebhook', newWebhook));
    expect(refused).toBeInstanceOf(ApiRefusal);
    expect(refused).toMatchObject({
      message: 'No.',
      status: 400,
      reason: 'INVALID_FIELDS',
      details: [{ field: 'url', message: 'bad' }],
      requestId: 'r1',
      retryAfterSeconds: undefined,
    });
  });

  it.each(['<h1>Bad Gateway</h1>', '', 'null', '{"error":null}', '{"error":{"reason":1,"details":"x"}}'])(
    'tells an answer that is not of the API by its status: %s',
    async (body) => {
      answers = [answer(404, body)];
      const refused = await failed(api.call('getWebhook', { path: { id: '1' } }));
      expect(refused).toBeInstanceOf(ApiRefusal);
      expect(refused).toMatchObject({ status: 404, reason: 'UNKNOWN', message: 'The answer has the status 404.' });
    },
  );

  it('gives up in the end, and says what came last', async () => {
    answers = [reset, reset, reset];
    const unreachable = await failed(api.call('listEventTypes', {}));
    expect(unreachable).toBeInstanceOf(ApiUnreachable);
    expect(unreachable).toMatchObject({ code: 'API_UNREACHABLE', cause: { code: 'ECONNRESET' } });
    expect(requests).toHaveLength(3);
  });

  it('reads a list page by page, as far as it is asked', async () => {
    answers = [
      answer(200, '{"result":[1,2],"next_page_token":"t"}'),
      answer(200, '{"result":[3],"next_page_token":""}'),
    ];
    const entries: unknown[] = [];
    for await (const entry of api.entries('listWebhooks', { query: { page_size: 2 } })) entries.push(entry);
    expect(entries).toEqual([1, 2, 3]);
    expect(requests.map(({ url }) => url)).toEqual([
      '/webhooks?page_size=2&page_token=',
      '/webhooks?page_size=2&page_token=t',
    ]);
  });

  it('reads a list from where it is told', async () => {
    answers = [answer(200, '{"result":[3],"next_page_token":""}')];
    const pages: unknown[] = [];
    for await (const page of api.pages('listWebhooks', { query: { page_token: 't' } })) pages.push(page);
    expect(pages).toEqual([[3]]);
    expect(requests.map(({ url }) => url)).toEqual(['/webhooks?page_token=t']);
  });

  it('does not ask without an id that the path needs', async () => {
    const error = await failed(api.call('getWebhook', { path: { id: '' } }));
    expect(error).toMatchObject({ message: 'getWebhook needs path.id' });
    expect(requests).toEqual([]);
  });
});
