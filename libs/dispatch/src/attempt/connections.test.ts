import { once } from 'node:events';
import { createServer } from 'node:net';

import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';

import {
  answer,
  endlessBody,
  hang,
  raw,
  type Receiver,
  type ReceiverOptions,
  startReceiver,
} from '../../../../test/support/receiver/index.ts';
import { newDispatcher, requestTo } from '../../testing/dispatching.ts';
import { outcomeOf } from '../../testing/outcome-of.ts';
import type { Dispatcher, DispatcherOptions } from './dispatcher.ts';

/** Long enough that a machine busy with other tests does not reach it by itself. */
const LIMIT_MS = 2_000;
/** What does not keep to the limit takes for ever; the machine may be busy. */
const SPARE_MS = 2_000;

const open: Array<{ close(): Promise<void> }> = [];

async function receiverWith(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver(options);
  open.push(receiver);
  return receiver;
}

function dispatcherWith(options: Partial<DispatcherOptions> = {}): Dispatcher {
  const dispatcher = newDispatcher({ timeoutMs: LIMIT_MS, ...options });
  open.push(dispatcher);
  return dispatcher;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('addresses', () => {
  it.each(['127.0.0.1', '[::1]', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost'])(
    'that are refused are never connected to: %s',
    async (host) => {
      const v4 = await receiverWith();
      const v6 = await receiverWith({ host: '::1', port: v4.port });
      const outcome = await outcomeOf(dispatcherWith({ allowedNetworks: [] }), requestTo(`http://${host}:${v4.port}/`));
      expect(outcome).toMatchObject({ kind: 'failed', error: 'address_refused' });
      expect([v4.connectionsAccepted, v6.connectionsAccepted]).toEqual([0, 0]);
    },
  );

  it('are those that were judged: the one connected to is the one that the policy saw', async () => {
    const receiver = await receiverWith({ host: '127.0.0.2' });
    const other = await receiverWith({ host: '127.0.0.3', port: receiver.port });
    const clock = { time: 0, now: () => clock.time };
    let answers = [['127.0.0.3', '127.0.0.2'], ['127.0.0.3']];
    const dispatcher = dispatcherWith({
      clock,
      allowedNetworks: [ipaddr.parseCIDR('127.0.0.2/32')],
      resolve: async () => answers.shift() ?? [],
    });
    receiver.on('/', answer(200, { connection: 'close' }));
    const url = `http://rebinding.test:${receiver.port}/`;
    expect(await outcomeOf(dispatcher, requestTo(url))).toMatchObject({ kind: 'delivered' });
    expect(await outcomeOf(dispatcher, requestTo(url))).toMatchObject({ kind: 'delivered' });
    clock.time += 5_000;
    expect(await outcomeOf(dispatcher, requestTo(url))).toMatchObject({
      error: 'address_refused',
      message: 'rebinding.test leads to an address that webhooks may not point to',
    });
    expect([receiver.all().length, other.connectionsAccepted]).toEqual([2, 0]);
  });

  it('fall back to another one when the first refuses the connection', async () => {
    const receiver = await receiverWith({ host: '127.0.0.2' });
    const dispatcher = dispatcherWith({ resolve: async () => ['127.0.0.9', '127.0.0.2'] });
    expect(await outcomeOf(dispatcher, requestTo(`http://two.test:${receiver.port}/`))).toMatchObject({
      kind: 'delivered',
    });
  });

  it('that no one listens on, and names that do not exist, are failures with their names', async () => {
    const receiver = await receiverWith();
    const { port } = receiver;
    await receiver.close();
    const dispatcher = dispatcherWith({
      resolve: async () => {
        throw Object.assign(new Error('queryA ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    });
    expect(await outcomeOf(dispatcher, requestTo(`http://127.0.0.1:${port}/`))).toMatchObject({
      error: 'connection_refused',
      message: 'the endpoint refused the connection (ECONNREFUSED)',
    });
    expect(await outcomeOf(dispatcher, requestTo('https://gone.test/'))).toMatchObject({ error: 'dns_failed' });
  });

  it('that a name server is slow to give are within the time limit', async () => {
    const dispatcher = dispatcherWith({ resolve: () => new Promise(() => {}) });
    const outcome = await outcomeOf(dispatcher, requestTo('https://slow-dns.test/'));
    expect(outcome).toMatchObject({ kind: 'failed', error: 'timeout' });
    expect(outcome.timing.totalMs).toBeLessThan(LIMIT_MS + SPARE_MS);
  });
});

describe('connections', () => {
  it.each([
    ['no body', answer(200)],
    ['a body of 16 KiB', answer(200, {}, 'x'.repeat(16 * 1024))],
    ['a failure with a body', answer(500, {}, 'oops')],
    ['204', answer(204)],
  ])('are used again after %s', async (_name, behaviour) => {
    const receiver = await receiverWith({ otherwise: behaviour });
    const dispatcher = dispatcherWith();
    for (let count = 1; count <= 5; count += 1) {
      await outcomeOf(dispatcher, requestTo(receiver.url('/')));
      await responseEnded(receiver, count);
    }
    expect(receiver.connectionsAccepted).toBe(1);
  });

  it('are dropped after a body of more than 16 KiB, of which next to nothing is kept', async () => {
    const receiver = await receiverWith({ otherwise: endlessBody() });
    const dispatcher = dispatcherWith({ timeoutMs: 5_000 });
    await outcomeOf(dispatcher, requestTo(receiver.url('/')));
    const before = process.memoryUsage().external;
    for (let count = 0; count < 50; count += 1) await outcomeOf(dispatcher, requestTo(receiver.url('/')));
    await allConnectionsClosed(receiver);
    expect(receiver.connectionsAccepted).toBe(51);
    expect(process.memoryUsage().external - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('are dropped when the rest of a body does not come within the limit', async () => {
    const receiver = await receiverWith({ otherwise: raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc') });
    const started = performance.now();
    await outcomeOf(dispatcherWith(), requestTo(receiver.url('/')));
    await allConnectionsClosed(receiver);
    expect(performance.now() - started).toBeLessThan(LIMIT_MS + SPARE_MS);
  });

  it('are not used again when the answer came before the request was written out', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.pause().write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n'));
      socket.on('error', () => {});
      open.push({ close: async () => void socket.destroy() });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({ close: async () => void server.close() });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'string' ? '' : address?.port}/`;
    const dispatcher = dispatcherWith();
    const large = { ...requestTo(url), body: Buffer.alloc(32 * 1024 * 1024) };
    for (const request of [large, requestTo(url)]) {
      expect(await outcomeOf(dispatcher, request)).toMatchObject({ error: 'http_status', status: 413 });
      await nextTurn();
    }
  });

  it('to an endpoint that hangs do not hold up others of the same origin', async () => {
    const receiver = await receiverWith();
    receiver.on('/hangs', hang());
    const dispatcher = dispatcherWith({ timeoutMs: 8_000 });
    const stuck = Array.from({ length: 200 }, () => outcomeOf(dispatcher, requestTo(receiver.url('/hangs'))));
    await receiver.waitFor('/hangs', 200);
    const healthy = await Promise.all(
      Array.from({ length: 20 }, () => outcomeOf(dispatcher, requestTo(receiver.url('/healthy')))),
    );
    for (const outcome of healthy) {
      expect(outcome).toMatchObject({ kind: 'delivered' });
      expect(outcome.timing.totalMs).toBeLessThan(6_000);
    }
    for (const outcome of await Promise.all(stuck)) expect(outcome).toMatchObject({ error: 'timeout' });
  });

  it('that the endpoint says it will close soon are closed before it does', async () => {
    const receiver = await receiverWith({ keepAliveMs: 1_000 });
    const dispatcher = dispatcherWith();
    for (let count = 1; count <= 3; count += 1) {
      expect(await outcomeOf(dispatcher, requestTo(receiver.url('/')))).toMatchObject({ kind: 'delivered' });
      await responseEnded(receiver, count);
    }
    expect(receiver.connectionsAccepted).toBe(3);
  });
});

afterAll(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Resolves once the latest answer has gone out and the client has had a turn to read it. */
async function responseEnded(receiver: Receiver, count: number): Promise<void> {
  await receiver.waitFor('/', count);
  while (receiver.received('/').some(({ finishedAt }) => finishedAt === undefined)) await nextTurn();
  await nextTurn();
}

async function allConnectionsClosed(receiver: Receiver): Promise<void> {
  while (receiver.connectionsOpen > 0) await nextTurn();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
