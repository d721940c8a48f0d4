import { randomBytes } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Webhook } from '#libs/domain';
import { SecretBox } from '#libs/runtime';
import { Webhook as StandardWebhook } from 'standardwebhooks';

import {
  answer,
  type Behaviour,
  closeWithoutAnswer,
  delay,
  dripHeaders,
  endlessBody,
  garbage,
  halfHeader,
  hang,
  raw,
  type Receiver,
  redirect,
  reset,
  startReceiver,
} from '../../../../test/support/receiver/index.ts';
import { box, newDispatcher, secret, webhookAt } from '../../testing/dispatching.ts';
import { outcomeOf } from '../../testing/outcome-of.ts';
import type { Dispatcher, DispatcherOptions } from './dispatcher.ts';

const body = '{"id":"e-1","type":"call_hangup","data":{"name":"Zoë"}}';
/** Long enough that a machine busy with other tests does not reach it by itself. */
const LIMIT_MS = 2_000;
const TOLERANCE_MS = 500;

let receiver: Receiver;
const dispatchers: Dispatcher[] = [];

function dispatcherWith(options: Partial<DispatcherOptions> = {}): Dispatcher {
  const dispatcher = newDispatcher({ timeoutMs: LIMIT_MS, ...options });
  dispatchers.push(dispatcher);
  return dispatcher;
}

const requestTo = (webhook: Webhook, eventId = 'e-1') => ({
  webhook,
  eventId,
  body: Buffer.from(body),
  sequence: '3.41',
  attempt: 2,
});

beforeAll(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close()));
});
afterAll(() => receiver.close());

describe('what the endpoint gets', () => {
  it('is the body as it is, signed so that a Standard Webhooks receiver accepts it', async () => {
    const webhook = webhookAt(receiver.url('/headers?tenant=7'));
    expect(await outcomeOf(dispatcherWith(), requestTo(webhook))).toMatchObject({ kind: 'delivered', status: 200 });
    const [request] = receiver.received('/headers');
    expect(request).toMatchObject({
      method: 'POST',
      body,
      headers: {
        host: `127.0.0.1:${receiver.port}`,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'voipbin-webhook/1',
        'webhook-id': 'e-1',
        'webhook-attempt': '2',
        'webhook-sequence': '3.41',
      },
    });
    expect(request?.headers).not.toHaveProperty('x-voipbin-signature');
    expect(request?.headers).not.toHaveProperty('webhook-replay');
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(new StandardWebhook(`whsec_${secret.toString('base64')}`).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('has one signature per live secret, and the VoIPBIN one when asked for', async () => {
    const secrets = [
      { sealed: box.seal(secret) },
      { sealed: box.seal(randomBytes(32)), expiresAt: Date.now() + 60_000 },
      { sealed: box.seal(randomBytes(32)), expiresAt: Date.now() - 1 },
    ];
    const webhook = webhookAt(receiver.url('/both'), { secrets, signatures: ['standard', 'voipbin'] });
    await outcomeOf(dispatcherWith({ userAgent: 'mine/2' }), requestTo(webhook));
    const headers = receiver.received('/both')[0]?.headers;
    expect(headers?.['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/);
    expect(headers?.['x-voipbin-signature']).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(headers?.['user-agent']).toBe('mine/2');
  });

  it('names the replay that asked for it', async () => {
    const request = { ...requestTo(webhookAt(receiver.url('/replay'))), replayId: 'r-1' };
    await outcomeOf(dispatcherWith(), request);
    expect(receiver.received('/replay')[0]?.headers['webhook-replay']).toBe('r-1');
  });

  it("has the webhook's own method and headers, sealed ones opened, besides those of every delivery", async () => {
    const headers = [
      { name: 'x-tenant', value: 'blue' },
      { name: 'authorization', sealed: box.seal(Buffer.from('Bearer s3cret')) },
    ];
    const webhook = webhookAt(receiver.url('/own'), { method: 'PUT', headers });
    expect(await outcomeOf(dispatcherWith(), requestTo(webhook))).toMatchObject({ kind: 'delivered' });
    expect(receiver.received('/own')[0]).toMatchObject({
      method: 'PUT',
      body,
      headers: { 'x-tenant': 'blue', authorization: 'Bearer s3cret', 'webhook-id': 'e-1' },
    });
    expect(receiver.received('/own')[0]?.headers).not.toHaveProperty('webhook-test');
  });

  it('says that it is a test when it is one', async () => {
    await outcomeOf(dispatcherWith(), { ...requestTo(webhookAt(receiver.url('/test'))), isTest: true });
    expect(receiver.received('/test')[0]?.headers['webhook-test']).toBe('true');
  });

  it.each([
    ['secret_unavailable', { headers: [{ name: 'x-token', sealed: 'v1.broken' }] }],
    ['setting_unreadable', { filter: { kind: 'unreadable' as const, text: '{}' } }],
  ])('is nothing, and a failure for %s, when the worker cannot do as the webhook says', async (error, changes) => {
    const outcome = await outcomeOf(dispatcherWith(), requestTo(webhookAt(receiver.url('/broken'), changes)));
    expect(outcome).toMatchObject({ kind: 'failed', error });
    expect(receiver.received('/broken')).toEqual([]);
  });

  it('is delivered whatever the event id is made of', async () => {
    const eventId = 'a\r\nx-evil: 1 ☎\ud800';
    const outcome = await outcomeOf(dispatcherWith(), requestTo(webhookAt(receiver.url('/id')), eventId));
    expect(outcome).toMatchObject({ kind: 'delivered' });
    const headers = receiver.received('/id')[0]?.headers;
    expect(headers?.['webhook-id']).toBe(encodeURIComponent(eventId.toWellFormed()));
    expect(headers).not.toHaveProperty('x-evil');
  });
});

describe('the outcome', () => {
  it.each<[string, Behaviour, object]>([
    ['another status', answer(503), { error: 'http_status', status: 503, message: 'the endpoint answered 503' }],
    ['201', answer(201), { error: 'http_status', status: 201 }],
    ['204', answer(204), { error: 'http_status', status: 204 }],
    ['a wait in seconds', answer(429, { 'retry-after': '7' }), { status: 429, retryAfterMs: 7_000 }],
    ['a redirect', redirect('http://127.0.0.1:1/'), { error: 'redirect', status: 302 }],
    ['304', answer(304), { error: 'redirect', status: 304 }],
    ['silence', hang(), { error: 'timeout', message: `no answer within ${LIMIT_MS} ms` }],
    ['half a header', halfHeader(), { error: 'timeout' }],
    ['headers in drips', dripHeaders(20), { error: 'timeout' }],
    ['something that is not HTTP', garbage(), { error: 'invalid_response' }],
    ['a reset', reset(), { error: 'connection_closed' }],
    ['a closed connection', closeWithoutAnswer(), { error: 'connection_closed' }],
    ['a connection closed amid the headers', raw('HTTP/1.1 200 OK\r\nx-a: b', true), { error: 'connection_closed' }],
    ['a status line that breaks off', raw('HTTP/1.1 20', true), { error: 'connection_closed' }],
    ['101', raw('HTTP/1.1 101 OK\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'), { error: 'invalid_response' }],
    [
      'headers over 16 KiB',
      raw(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(17_000)}\r\n\r\n`),
      { error: 'invalid_response' },
    ],
  ])('of %s is a failure with its name', async (name, behaviour, expected) => {
    const path = `/failures/${encodeURIComponent(name)}`;
    receiver.on(path, behaviour);
    const outcome = await outcomeOf(dispatcherWith(), requestTo(webhookAt(receiver.url(path))));
    expect(outcome).toMatchObject({ kind: 'failed', ...expected });
    expect(outcome.timing.totalMs).toBeLessThan(LIMIT_MS + TOLERANCE_MS);
    expect(receiver.received(path)).toHaveLength(1);
  });

  it.each<[string, Behaviour]>([
    ['100 before 200, though nobody asked', raw('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')],
    ['early hints before 200', raw('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')],
    ['a body shorter than promised', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', true)],
    ['a broken chunked body', raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n')],
    ['a body that never ends', endlessBody()],
    ['an answer just within the limit', delay(LIMIT_MS / 2)],
  ])('of %s is a delivery', async (name, behaviour) => {
    const path = `/deliveries/${encodeURIComponent(name)}`;
    receiver.on(path, behaviour);
    const outcome = await outcomeOf(dispatcherWith(), requestTo(webhookAt(receiver.url(path))));
    expect(outcome).toMatchObject({ kind: 'delivered', status: 200 });
  });

  it('of 201 and 204 is a delivery under the rule 2xx; 300 never is', async () => {
    receiver.on('/2xx/201', answer(201));
    receiver.on('/2xx/204', answer(204));
    receiver.on('/2xx/300', answer(300));
    const dispatcher = dispatcherWith();
    const from = (path: string) => outcomeOf(dispatcher, requestTo(webhookAt(receiver.url(path), { success: '2xx' })));
    expect(await from('/2xx/201')).toMatchObject({ kind: 'delivered', status: 201 });
    expect(await from('/2xx/204')).toMatchObject({ kind: 'delivered', status: 204 });
    expect(await from('/2xx/300')).toMatchObject({ kind: 'failed', error: 'redirect' });
  });

  it('of an attempt that cannot be made says why, without a request', async () => {
    const before = receiver.all().length;
    const dispatcher = dispatcherWith({ allowHttp: false });
    const foreign = new SecretBox([randomBytes(32)]).seal(secret);
    const unsigned = webhookAt('https://localhost/', { secrets: [{ sealed: foreign }] });
    expect(await outcomeOf(dispatcher, requestTo(unsigned))).toMatchObject({ error: 'secret_unavailable' });
    const split = dispatcherWith({ userAgent: 'a\r\nx-injected: b' });
    expect(await outcomeOf(split, requestTo(webhookAt(receiver.url('/split'))))).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('INVALID_HEADER'),
    });
    expect(receiver.received('/split')).toEqual([]);
    for (const url of [receiver.url('/'), 'ftp://localhost/', 'nonsense']) {
      expect(await outcomeOf(dispatcher, requestTo(webhookAt(url)))).toMatchObject({ error: 'invalid_url' });
    }
    expect(receiver.all()).toHaveLength(before);
  });

  it('comes as soon as the headers are complete', async () => {
    receiver.on('/early', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'));
    const outcome = await outcomeOf(dispatcherWith(), requestTo(webhookAt(receiver.url('/early'))));
    expect(outcome).toMatchObject({ kind: 'delivered' });
    expect(outcome.timing.totalMs).toBeLessThan(LIMIT_MS / 2);
  });
});

it('keeps the default limit of 5 s on an endpoint that drips its headers', async () => {
  receiver.on('/drip', dripHeaders(1_000));
  const outcome = await outcomeOf(dispatcherWith({ timeoutMs: 5_000 }), requestTo(webhookAt(receiver.url('/drip'))));
  expect(outcome).toMatchObject({ kind: 'failed', error: 'timeout', message: 'no answer within 5000 ms' });
  expect(outcome.timing.totalMs).toBeGreaterThan(5_000 - TOLERANCE_MS);
  expect(outcome.timing.totalMs).toBeLessThan(5_000 + TOLERANCE_MS);
});
