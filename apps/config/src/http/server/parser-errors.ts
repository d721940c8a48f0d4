import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from '#libs/runtime';

import { ApiError } from '../api-error.ts';
import { API_STATUS } from '../api-status.ts';
import { errorBody } from '../error-body.ts';

/** Answers what does not get as far as a request, or is none, with the error body that everything else gets. */
export function answerParserErrors(server: Server, logger: Logger): void {
  const underWay = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    underWay.set(request.socket, response);
    response.once('close', () => underWay.delete(request.socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Bytes in the middle of an answer would be taken for its body.
    if (!socket.writable || underWay.get(socket)?.headersSent === true) return void socket.destroy();
    const problem = problemOf(error.code);
    const { status, body, headers } = answerFor(problem);
    logger.info({ request_id: headers['x-request-id'], status, code: error.code }, 'no request');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}`;
    socket.end(`${head}\r\n${body}`, () => socket.destroy());
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { status, body, headers } = answerFor(UNKNOWN_EXPECTATION);
    response.writeHead(status, headers).end(body);
  });
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', connection: 'close' };
const UNKNOWN_EXPECTATION = new ApiError(
  'UNKNOWN_EXPECTATION',
  'The only expectation that can be met is "100-continue".',
);

function problemOf(code = ''): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('REQUEST_TIMEOUT', 'The request did not arrive in time.');
    default:
      return new ApiError('NOT_HTTP', 'What arrived is not a request of HTTP/1.1.');
  }
}

function answerFor(problem: ApiError) {
  const requestId = randomUUID();
  const body = JSON.stringify(errorBody(problem, requestId));
  const headers = { ...HEADERS, 'x-request-id': requestId, 'content-length': Buffer.byteLength(body) };
  return { status: API_STATUS[problem.status], body, headers };
}
