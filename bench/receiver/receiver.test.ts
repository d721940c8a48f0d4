import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { eventId } from '../data/event-id.ts';
import { Receiver } from './receiver.ts';
import { pathOf, type Target, targetOf } from './target.ts';

const SERIES = 3;
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const answering: Target = { endpoint: 7, behaviour: { kind: 'answer' } };
const waiting: Target = { endpoint: 8, behaviour: { kind: 'wait', ms: 30 } };
const hanging: Target = { endpoint: 9, behaviour: { kind: 'hang' } };

const request = (target: Target, event: number, series = SERIES): string =>
  `POST ${pathOf(target)} HTTP/1.1\r\nwebhook-id: ${eventId(series, event)}\r\ncontent-length: 2\r\n\r\n{}`;

let receiver: Receiver;
let socket: Socket;
let received: string;
let reached: Promise<void>;

beforeEach(async () => {
  const until = Promise.withResolvers<void>();
  reached = until.promise;
  receiver = new Receiver(until.resolve);
  socket = connect(await receiver.listen(), '127.0.0.1');
  received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  await once(socket, 'connect');
  receiver.begin(SERIES, 1, 2);
});

afterEach(async () => {
  socket.destroy();
  await receiver.close();
});

async function answers(count: number): Promise<void> {
  while (received.length < count * ANSWER.length) await once(socket, 'data');
}

describe('a target', () => {
  it.each([answering, waiting, hanging])('is read back from its path: %j', (target) => {
    expect(targetOf(pathOf(target))).toEqual(target);
  });

  it.each(['/', '/ok', '/ok/', '/ok/x', '/wait/5', '/hang/1/2'])('is not %s', (path) => {
    expect(targetOf(path)).toBeUndefined();
  });
});

describe('the receiver', () => {
  it('answers every request of a chunk and takes them down in their order', async () => {
    socket.write(request(answering, 5) + request(answering, 6) + request(answering, 4));
    await answers(3);
    expect(received).toBe(ANSWER.repeat(3));
    const { deliveries } = receiver.collect();
    expect([...deliveries.events]).toEqual([5, 6, 4]);
    expect([...deliveries.endpoints]).toEqual([7, 7, 7]);
    for (const time of deliveries.times) expect(Math.abs(time - Date.now())).toBeLessThan(10_000);
  });

  it('answers after the time of a slow endpoint, and never for one that hangs', async () => {
    socket.write(request(hanging, 1));
    socket.write(request(waiting, 2));
    await answers(1);
    const { deliveries } = receiver.collect();
    expect([...deliveries.events]).toEqual([1, 2]);
    expect(performance.timeOrigin + performance.now() - (deliveries.times[1] ?? 0)).toBeGreaterThanOrEqual(28);
    expect(received).toBe(ANSWER);
    expect(receiver.answered).toBe(1);
  });

  it('marks both ends of the window with the usage of the watched processes', async () => {
    receiver.watch([process.pid]);
    socket.write(request(answering, 1) + request(hanging, 2) + request(answering, 3) + request(answering, 4));
    await reached;
    const { from, until, reached: whole } = receiver.collect();
    expect(whole).toBe(true);
    expect([from?.count, until.count]).toEqual([1, 2]);
    expect(until.usage).toHaveLength(1);
    expect(until.usage[0]?.rssBytes).toBeGreaterThan(1_000_000);
    expect(until.usage[0]?.cpuMs).toBeGreaterThan(0);
  });

  it('says that the count was not reached when the window is ended', async () => {
    socket.write(request(answering, 1));
    await answers(1);
    receiver.end();
    expect(receiver.collect()).toMatchObject({ reached: false, until: { count: 1 } });
  });

  it('answers requests of another series without counting them', async () => {
    socket.write(request(answering, 1, SERIES + 1) + request(answering, 2));
    await answers(2);
    expect([...receiver.collect().deliveries.events]).toEqual([2]);
  });

  it('forgets everything at the next beginning', async () => {
    socket.write(request(answering, 1));
    await answers(1);
    receiver.begin(SERIES, 1, 2);
    expect(receiver.collect()).toMatchObject({ reached: false, from: undefined, connections: 1, odd: 0 });
    expect(receiver.collect().deliveries.events).toHaveLength(0);
  });

  it('counts what is no request of the bench', async () => {
    socket.write('POST /elsewhere HTTP/1.1\r\n\r\n');
    await answers(1);
    expect(receiver.collect().odd).toBe(1);
  });
});
