import { createServer, type Server, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import ipaddr from 'ipaddr.js';

import { listen } from '../../../../test/support/listen.ts';
import {
  answer,
  delay,
  endlessBody,
  hang,
  raw,
  type Receiver,
  type ReceiverOptions,
  startReceiver,
} from '../../../../test/support/receiver/index.ts';
import { Departures } from '../attempt/departures.ts';
import { requestBytes, requestOpening } from '../http/request-bytes.ts';
import { AddressPolicy } from '../network/address-policy.ts';
import { guardedConnector } from '../network/guarded-connector.ts';
import { NameResolver } from '../network/name-resolver.ts';
import { PortPolicy } from '../network/port-policy.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { type Origin, originOf } from './opening.ts';

const open: Array<{ close(): Promise<void> }> = [];

async function receiverWith(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver(options);
  open.push(receiver);
  return receiver;
}

function newPool(): ConnectionPool {
  const policy = new AddressPolicy([ipaddr.parseCIDR('127.0.0.0/8')], { has: () => false });
  const ports = new PortPolicy([], true);
  const resolver = new NameResolver(systemClock);
  const pool = new ConnectionPool(guardedConnector({ policy, ports, resolver, timeoutMs: 5_000, extraCa: undefined }));
  open.push(pool);
  return pool;
}

/** A server that lets the test write to its connections whatever and whenever it likes. */
async function bareServer(): Promise<{ origin: string; sockets: Socket[]; server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  open.push({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { origin: `http://127.0.0.1:${port}`, sockets, server };
}

function take(pool: ConnectionPool, origin: string): Connection {
  return pool.take(originOf(new URL(origin)));
}

/** What became of a request: its status, or the code of its error. */
function send(connection: Connection, path = '/', onEnd = () => connection.release()): Promise<number | string> {
  const { promise, resolve } = Promise.withResolvers<number | string>();
  const { hostname, port } = connection.origin;
  const host = `${hostname}:${port}`;
  let status = 0;
  connection.send(requestBytes(requestOpening({ method: 'POST', path, host }), '', Buffer.from('{}')), {
    onHead: (head) => (status = head.status),
    onBody: () => undefined,
    onEnd: () => {
      onEnd();
      resolve(status);
    },
    onBroken: (error) => {
      connection.discard();
      resolve(codeOf(error));
    },
  });
  return promise;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('connections', () => {
  it('are used again, the one that became free last first', async () => {
    const receiver = await receiverWith();
    const pool = newPool();
    const three = [take(pool, receiver.origin), take(pool, receiver.origin), take(pool, receiver.origin)];
    expect(await Promise.all(three.map((connection) => send(connection)))).toEqual([200, 200, 200]);
    const [first, second, third] = three;
    expect(pool.count(receiver.origin)).toEqual({ open: 3, free: 3 });
    expect([take(pool, receiver.origin), take(pool, receiver.origin)]).toEqual([third, second]);
    third?.release();
    expect(take(pool, receiver.origin)).toBe(third);
    expect(take(pool, receiver.origin)).toBe(first);
    expect(pool.count(receiver.origin)).toEqual({ open: 3, free: 0 });
    expect(receiver.connectionsAccepted).toBe(3);
  });

  it('take the next request at the moment the answer to the last one ends', async () => {
    const receiver = await receiverWith();
    const pool = newPool();
    const { promise, resolve } = Promise.withResolvers<number | string>();
    const connection = take(pool, receiver.origin);
    await send(connection, '/first', () => {
      connection.release();
      expect(take(pool, receiver.origin)).toBe(connection);
      void send(connection, '/second').then(resolve);
    });
    expect(await promise).toBe(200);
    expect(receiver.connectionsAccepted).toBe(1);
  });

  it('say when they were opened for the request they carry', async () => {
    const receiver = await receiverWith();
    const pool = newPool();
    const connection = take(pool, receiver.origin);
    await send(connection);
    expect(connection.opening).toMatchObject({ startedAt: expect.any(Number) });
    await send(take(pool, receiver.origin));
    expect(connection.opening).toBeUndefined();
  });

  it('that the endpoint closes while they are free are forgotten, and their origin with the last one', async () => {
    const { origin, sockets } = await bareServer();
    const pool = newPool();
    const sent = [send(take(pool, origin)), send(take(pool, origin))];
    while (sockets.length < 2) await nextTurn();
    for (const socket of sockets) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    expect(await Promise.all(sent)).toEqual([200, 200]);
    sockets[0]?.end();
    while (pool.count(origin).open === 2) await nextTurn();
    expect([pool.count(origin), pool.originCount]).toEqual([{ open: 1, free: 1 }, 1]);
    const left = take(pool, origin);
    const fresh = take(pool, origin);
    expect(pool.count(origin)).toEqual({ open: 2, free: 0 });
    fresh.discard();
    left.release();
    sockets[1]?.resetAndDestroy();
    while (pool.originCount > 0) await nextTurn();
    expect(pool.count(origin)).toEqual({ open: 0, free: 0 });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['ends', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['answers once more than it was asked on, and ends', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')],
  ])('that the endpoint %s just when they are taken again lose no request', async (_name, close) => {
    const { origin, sockets, server } = await bareServer();
    const pool = newPool();
    const connection = take(pool, origin);
    const first = send(connection);
    while (sockets.length === 0) await nextTurn();
    sockets[0]?.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    expect(await first).toBe(200);
    await nextTurn();

    server.on('connection', (socket) => socket.write('HTTP/1.1 201 OK\r\ncontent-length: 0\r\n\r\n'));
    const { promise, resolve } = Promise.withResolvers<number | string>();
    const departures = new Departures<Origin>((to) => void send(pool.take(to)).then(resolve));
    if (sockets[0]) close(sockets[0]);
    departures.add(originOf(new URL(origin)));
    const second = await promise;
    expect(['CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE', 201]).toContain(second);
    if (second === 201) expect(pool.count(origin)).toEqual({ open: 1, free: 1 });
    else expect(pool.originCount).toBe(0);
  });

  it('that nobody needs close after 10 s, and not before', async () => {
    const receiver = await receiverWith({ otherwise: raw('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n') });
    const pool = newPool();
    await send(take(pool, receiver.origin));
    const started = performance.now();
    while (pool.originCount > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(performance.now() - started).toBeGreaterThan(9_900);
    expect(performance.now() - started).toBeLessThan(11_000);
  });

  it('that answer with "connection: close" carry the next request over a new one', async () => {
    const receiver = await receiverWith({ otherwise: answer(200, { connection: 'close' }) });
    const pool = newPool();
    const { promise, resolve } = Promise.withResolvers<number | string>();
    const connection = take(pool, receiver.origin);
    await send(connection, '/first', () => {
      connection.release();
      void send(take(pool, receiver.origin), '/second').then(resolve);
    });
    expect(await promise).toBe(200);
    expect(receiver.connectionsAccepted).toBe(2);
    while (pool.originCount > 0) await nextTurn();
  });

  it('that were given up are never taken again, and those on the same origin are not held up', async () => {
    const receiver = await receiverWith();
    receiver.on('/endless', endlessBody());
    receiver.on('/half', raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
    receiver.on('/hangs', hang());
    const pool = newPool();
    const bystander = take(pool, receiver.origin);
    await send(bystander, '/bystander', () => {});
    for (const path of ['/endless', '/half', '/hangs']) {
      const connection = take(pool, receiver.origin);
      const given = send(connection, path);
      await receiver.waitFor(path, 1);
      connection.discard();
      connection.release();
      const next = take(pool, receiver.origin);
      expect(next).not.toBe(connection);
      expect(await send(next, '/next')).toBe(200);
      expect(await given).toEqual(expect.any(String));
      next.discard();
    }
    expect(pool.count(receiver.origin)).toEqual({ open: 1, free: 0 });
    bystander.discard();
    expect(pool.originCount).toBe(0);
    while (receiver.connectionsOpen > 0) await nextTurn();
  });

  it('to an address where nobody listens are forgotten', async () => {
    const receiver = await receiverWith();
    const { origin } = receiver;
    await receiver.close();
    const pool = newPool();
    expect(await send(take(pool, origin))).toBe('ECONNREFUSED');
    expect(pool.originCount).toBe(0);
  });

  it('are as quick to have beside 2,000 that hang as without them', async () => {
    const receiver = await receiverWith();
    receiver.on('/hangs', hang());
    const pool = newPool();
    const alone = await taking(pool, receiver.origin);
    for (let count = 0; count < 2_000; count += 1) void send(take(pool, receiver.origin), '/hangs');
    await receiver.waitFor('/hangs', 2_000, 30_000);
    expect(await send(take(pool, receiver.origin))).toBe(200);
    expect(await taking(pool, receiver.origin)).toBeLessThan(alone * 10);
    expect(pool.count(receiver.origin)).toEqual({ open: 2_001, free: 1 });
  });

  it('all close at the end, and requests that are under way or made later fail', async () => {
    const receiver = await receiverWith({ otherwise: delay(30_000) });
    const pool = newPool();
    const underWay = send(take(pool, receiver.origin), '/slow');
    await receiver.waitFor('/slow', 1);
    const notYetConnected = send(take(pool, receiver.origin));
    await pool.close();
    expect(await Promise.all([underWay, notYetConnected])).toEqual([expect.any(String), expect.any(String)]);
    expect(await send(take(pool, receiver.origin))).toBe('CONNECTION_GIVEN_UP');
    expect(pool.originCount).toBe(0);
    while (receiver.connectionsOpen > 0) await nextTurn();
  });
});

/** The quickest of several rounds of taking a free connection and giving it back, in milliseconds. */
async function taking(pool: ConnectionPool, origin: string): Promise<number> {
  const to = originOf(new URL(origin));
  await send(pool.take(to));
  const rounds = Array.from({ length: 20 }, () => {
    const started = performance.now();
    for (let count = 0; count < 1_000; count += 1) pool.take(to).release();
    return performance.now() - started;
  });
  return Math.min(...rounds);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
