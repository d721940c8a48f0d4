import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '#libs/domain';

import { type Authority, LOOPBACK, makeAuthority } from '../../../../test/support/certificates/authority.ts';
import {
  answer,
  type Behaviour,
  closeWithoutAnswer,
  delay,
  endlessBody,
  hang,
  raw,
  type Receiver,
  startReceiver,
} from '../../../../test/support/receiver/index.ts';
import { newDispatcher, requestTo } from '../../testing/dispatching.ts';
import type { AttemptRequest, Dispatcher, DispatcherOptions } from './dispatcher.ts';

/** Long enough that a machine busy with other tests does not reach it by itself. */
const LIMIT_MS = 2_000;
const LONG = 'excerpt '.repeat(1_000);

let receiver: Receiver;
let secure: Receiver;
let authority: Authority;
const dispatchers: Dispatcher[] = [];

function dispatcherWith(options: Partial<DispatcherOptions> = {}): Dispatcher {
  const dispatcher = newDispatcher({ timeoutMs: LIMIT_MS, extraCa: authority.caPem, ...options });
  dispatchers.push(dispatcher);
  return dispatcher;
}

/** Every call to the observer in order, with its time after the attempt's start; resolves at the end of the exchange. */
function follow(dispatcher: Dispatcher, request: AttemptRequest) {
  const calls: Array<{ name: string; ms: number; outcome?: AttemptOutcome; excerpt?: string | undefined }> = [];
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<typeof calls>();
  dispatcher.attempt(request, {
    onOutcome: (outcome) => calls.push({ name: 'outcome', ms: performance.now() - started, outcome }),
    onEnd: (excerpt) => {
      calls.push({ name: 'end', ms: performance.now() - started, excerpt: excerpt?.toString() });
      resolve(calls);
    },
  });
  expect(calls).toHaveLength(0);
  return promise;
}

beforeAll(async () => {
  authority = await makeAuthority();
  receiver = await startReceiver();
  secure = await startReceiver({ certificate: await authority.issue(LOOPBACK) });
});
afterEach(async () => {
  await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.close()));
});
afterAll(() => Promise.all([receiver.close(), secure.close()]));

describe('an observer', () => {
  it.each<[string, Behaviour, string, string | undefined]>([
    ['an answer without a body', answer(200), 'delivered', undefined],
    ['a short body', answer(500, {}, 'out of order'), 'http_status', 'out of order'],
    ['a long body', answer(200, {}, LONG), 'delivered', LONG.slice(0, 1_024)],
    ['a body of many chunks', raw(chunked(LONG)), 'delivered', LONG.slice(0, 1_024)],
    ['a body that does not end', endlessBody(), 'delivered', 'endless '.repeat(128)],
    ['a long body on a connection that closes', raw(closing(LONG.repeat(3)), true), 'delivered', LONG.slice(0, 1_024)],
    ['half a body', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'), 'delivered', 'abc'],
    ['a broken body', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', true), 'delivered', 'abc'],
    ['no answer', hang(), 'timeout', undefined],
    ['a closed connection', closeWithoutAnswer(), 'connection_closed', undefined],
  ])('hears of the outcome once and then of the end once, after %s', async (name, behaviour, expected, excerpt) => {
    const path = `/observed/${encodeURIComponent(name)}`;
    receiver.on(path, behaviour);
    const dispatcher = dispatcherWith();
    const calls = await follow(dispatcher, requestTo(receiver.url(path)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await dispatcher.close();
    expect(calls.map((call) => call.name)).toEqual(['outcome', 'end']);
    const outcome = calls[0]?.outcome;
    expect(outcome?.kind === 'failed' ? outcome.error : outcome?.kind).toBe(expected);
    expect(calls[1]?.excerpt).toBe(excerpt);
    expect(calls[1]?.ms).toBeLessThan(LIMIT_MS + 500);
  });

  it.each<[string, AttemptRequest, string]>([
    ['an unusable URL', requestTo('nonsense'), 'invalid_url'],
    ['no signing secret', requestTo('https://localhost/', { secrets: [] }), 'secret_unavailable'],
    ['a header that cannot be sent', requestTo('http://127.0.0.1:1/'), 'connection_failed'],
  ])('hears of %s only after the call', async (_name, request, error) => {
    const dispatcher = dispatcherWith({ userAgent: 'not\na header' });
    expect(await follow(dispatcher, request)).toMatchObject([
      { name: 'outcome', outcome: { kind: 'failed', error } },
      { name: 'end', excerpt: undefined },
    ]);
  });

  it('hears of the end when the rest has been read, and of the outcome before', async () => {
    receiver.on('/rest', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'));
    const [outcome, end] = await follow(dispatcherWith(), requestTo(receiver.url('/rest')));
    expect(outcome?.ms).toBeLessThan(LIMIT_MS / 2);
    expect(end?.ms).toBeGreaterThanOrEqual(LIMIT_MS - 1);
  });

  it('hears of a failure when the dispatcher closes, and of one that was made later', async () => {
    receiver.on('/closing', delay(10_000));
    const dispatcher = dispatcherWith({ timeoutMs: 10_000 });
    const underWay = follow(dispatcher, requestTo(receiver.url('/closing')));
    await receiver.waitFor('/closing', 1);
    await dispatcher.close();
    const failed = [{ outcome: { kind: 'failed', error: 'connection_failed' } }, { name: 'end' }];
    expect(await underWay).toMatchObject(failed);
    expect(await follow(dispatcher, requestTo(receiver.url('/closing')))).toMatchObject(failed);
  });

  it('may make the next attempt in the call, on the same connection', async () => {
    const dispatcher = dispatcherWith();
    const before = receiver.connectionsAccepted;
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = 20;
    const next = (): void =>
      dispatcher.attempt(requestTo(receiver.url('/chain')), {
        onOutcome: (outcome) => expect(outcome).toMatchObject({ kind: 'delivered' }),
        onEnd: () => {
          left -= 1;
          if (left > 0) next();
          else resolve();
        },
      });
    next();
    await promise;
    expect(receiver.received('/chain')).toHaveLength(20);
    expect(receiver.connectionsAccepted).toBe(before + 1);
  });

  it('may be a promise', async () => {
    receiver.on('/once', answer(404, {}, 'no such page'));
    expect(await dispatcherWith().attemptOnce(requestTo(receiver.url('/once')))).toMatchObject({
      outcome: { kind: 'failed', status: 404 },
      excerpt: Buffer.from('no such page'),
    });
  });
});

describe('timing', () => {
  it('has the steps of the connection for the attempt that opened it, and for no other', async () => {
    const dispatcher = dispatcherWith({ resolve: async () => ['127.0.0.1'] });
    const { outcome: first } = await dispatcher.attemptOnce(requestTo(secure.url('/')));
    const steps = { dnsMs: expect.any(Number), connectMs: expect.any(Number), tlsMs: expect.any(Number) };
    expect(first.timing).toEqual({ totalMs: expect.any(Number), firstByteMs: first.timing.totalMs, ...steps });
    const { totalMs, dnsMs = 0, connectMs = 0, tlsMs = 0 } = first.timing;
    expect(Math.min(dnsMs, connectMs, tlsMs)).toBeGreaterThan(0);
    expect(dnsMs + connectMs + tlsMs).toBeLessThan(totalMs);
    const { outcome: second } = await dispatcher.attemptOnce(requestTo(secure.url('/')));
    expect(second.timing).toEqual({ totalMs: expect.any(Number), firstByteMs: second.timing.totalMs });
  });

  it('shows which step took the time', async () => {
    const resolve = () => new Promise<string[]>((found) => setTimeout(found, 150, ['127.0.0.1']));
    const { outcome } = await dispatcherWith({ resolve }).attemptOnce(requestTo(secure.url('/')));
    expect(outcome.timing.dnsMs).toBeGreaterThan(145);
    expect(outcome.timing.connectMs).toBeLessThan(100);
  });

  it('ends with the step that failed', async () => {
    const refused = dispatcherWith({ resolve: async () => ['10.0.0.1'] });
    const { outcome } = await refused.attemptOnce(requestTo('https://inside.test/'));
    expect(outcome.timing).toEqual({ totalMs: expect.any(Number), dnsMs: expect.any(Number) });
    receiver.on('/silent', hang());
    const { outcome: silent } = await dispatcherWith().attemptOnce(requestTo(receiver.url('/silent')));
    expect(silent.timing).toEqual({ totalMs: expect.any(Number), connectMs: expect.any(Number) });
    const dispatcher = dispatcherWith();
    await dispatcher.attemptOnce(requestTo(receiver.url('/')));
    const { outcome: reused } = await dispatcher.attemptOnce(requestTo(receiver.url('/silent')));
    expect(reused.timing).toEqual({ totalMs: expect.any(Number) });
  });
});

function closing(body: string): string {
  return `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

function chunked(text: string): string {
  const chunks = text.match(/.{1,100}/gs) ?? [];
  const coded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${coded.join('')}0\r\n\r\n`;
}
