import 'reflect-metadata';

import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '#libs/runtime';
import { Controller, type INestApplication, Module, Post, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';

import { requestJson } from '../request-json.ts';
import { answerParserErrors } from './parser-errors.ts';
import { PatientAdapter } from './slow-requests.ts';

@Controller()
class EchoController {
  @Post()
  async echo(@Req() request: Request): Promise<object> {
    return requestJson(request);
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const TIMES = { headersMs: 300, requestMs: 600 };
let app: INestApplication<Server>;

beforeAll(async () => {
  app = await NestFactory.create(EchoModule, new PatientAdapter(TIMES), { logger: false, bodyParser: false });
  answerParserErrors(app.getHttpServer(), createLogger('test', 'silent'));
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The header, if there is one. */
  readonly requestId: string | undefined;
  readonly tookMs: number;
}

/** Sends bytes, then nothing more; what comes back until the server ends the connection. */
async function answerTo(...parts: readonly string[]): Promise<Answer> {
  const { port } = addressOf(app.getHttpServer());
  const socket = connect(port, '127.0.0.1');
  const began = performance.now();
  for (const part of parts) socket.write(part);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    body: body === '' ? undefined : JSON.parse(body),
    requestId: /^x-request-id: (\S+)/im.exec(head)?.[1],
    tookMs: performance.now() - began,
  };
}

const errorWith = (reason: string): object => ({
  error: {
    status: expect.any(String),
    reason,
    message: expect.any(String),
    request_id: expect.any(String),
    details: [],
  },
});
const HEAD = 'POST / HTTP/1.1\r\nhost: api\r\ncontent-type: application/json\r\n';

describe('a server of the admin REST', () => {
  it('answers a request that comes in time', async () => {
    const answer = await answerTo(`${HEAD}content-length: 7\r\nconnection: close\r\n\r\n{"a":1}`);
    expect(answer).toMatchObject({ status: 201, body: { a: 1 } });
  });

  it.each([
    ['headers that do not end', [HEAD]],
    ['a body that does not end', [`${HEAD}content-length: 7\r\n\r\n`, '{"a"']],
  ])('does not wait for %s', async (_what, parts) => {
    const { status, body, tookMs } = await answerTo(...parts);
    expect(tookMs).toBeLessThan(TIMES.requestMs + 5_000);
    expect([status, body]).toEqual([408, errorWith('REQUEST_TIMEOUT')]);
  });

  it.each([
    ['what is no HTTP', 'hello\r\n\r\n', 400, 'NOT_HTTP'],
    ['two lengths', `${HEAD}content-length: 7\r\ncontent-length: 8\r\n\r\n{"a":1}`, 400, 'NOT_HTTP'],
    ['length and chunks', `${HEAD}content-length: 7\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400, 'NOT_HTTP'],
    ['headers of 20 KiB', `${HEAD}x-long: ${'x'.repeat(20_480)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    ['an expectation', `${HEAD}expect: a-miracle\r\ncontent-length: 0\r\n\r\n`, 417, 'UNKNOWN_EXPECTATION'],
  ])('answers %s with the body of every error', async (_what, text, status, reason) => {
    const answer = await answerTo(text);
    expect(answer).toMatchObject({ status, body: errorWith(reason) });
    expect(answer.body).toMatchObject({ error: { request_id: answer.requestId } });
  });

  it('answers what is no HTTP, too, after a request on the same connection', async () => {
    const { port } = addressOf(app.getHttpServer());
    const socket = connect(port, '127.0.0.1');
    const chunks = socket[Symbol.asyncIterator]();
    const next = async (): Promise<string> => String((await chunks.next()).value);
    socket.write(`${HEAD}content-length: 7\r\n\r\n{"a":1}`);
    expect(await next()).toMatch(/^HTTP\/1\.1 201 /);
    socket.write('hello\r\n\r\n');
    expect(await next()).toMatch(/^HTTP\/1\.1 400 [^]*"reason":"NOT_HTTP"/);
    socket.destroy();
  });
});
