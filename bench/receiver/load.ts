import { connect, type Socket } from 'node:net';

import { eventId } from '../data/event-id.ts';
import type { LoadTask, LoadResult } from './load-message.ts';

/** Sends the receiver as many requests as it takes: raw sockets, ready-made bytes, answers only counted. A process of its own. */
const ANSWER_END = Buffer.from('\r\n\r\n');
const BODY = 'x'.repeat(1_000);

process.on('disconnect', () => process.exit(0));
process.on('message', (task: LoadTask) => {
  void run(task).then((result) => process.send?.(result));
});

async function run(task: LoadTask): Promise<LoadResult> {
  let answered = 0;
  const request = requestFor(task.path);
  const sockets = await Promise.all(
    Array.from({ length: task.connections }, () =>
      open(task.port, request, task.depth, (count) => {
        answered += count;
      }),
    ),
  );
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, task.ms));
  const ms = performance.now() - started;
  const result = { requestsPerSecond: (answered / ms) * 1_000, answered };
  for (const socket of sockets) socket.destroy();
  return result;
}

function requestFor(path: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: keep-alive',
    'content-type: application/json',
    `webhook-id: ${eventId(0, 0)}`,
    `content-length: ${BODY.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${BODY}`;
}

/** One connection with `depth` requests under way all the time. */
async function open(port: number, request: string, depth: number, onAnswers: (count: number) => void): Promise<Socket> {
  const requests = Array.from({ length: depth + 1 }, (_, count) => Buffer.from(request.repeat(count), 'latin1'));
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  let rest = 0;
  socket.on('data', (chunk) => {
    // Every answer has the same length and no body: counting bytes is counting answers.
    rest += chunk.length;
    const answerBytes = chunk.indexOf(ANSWER_END) + ANSWER_END.length;
    const count = answerBytes < ANSWER_END.length ? 0 : Math.floor(rest / answerBytes);
    rest -= count * answerBytes;
    if (count === 0) return;
    onAnswers(count);
    socket.write(requests[count] ?? Buffer.from(request.repeat(count), 'latin1'));
  });
  socket.write(requests[depth] ?? '');
  return socket;
}
