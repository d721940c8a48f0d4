import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from '#libs/runtime';

import { API_STATUS, ApiError } from '../api-error.ts';
import { errorBody } from '../error-body.ts';

/** Answers what does not get as far as a request, or is none, with the error body that everything else gets. */
export function answerParserErrors(server: Server, logger: Logger): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || socket.bytesWritten > 0) return void socket.destroy();
    const requestId = randomUUID();
    const problem = problemOf(error.code);
    logger.info({ request_id: requestId, status: API_STATUS[problem.status], code: error.code }, 'no request');
    socket.end(answer(problem, requestId), () => socket.destroy());
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(errorBody(UNKNOWN_EXPECTATION, randomUUID()));
    const headers = { ...HEADERS, 'content-length': Buffer.byteLength(body) };
    response.writeHead(API_STATUS[UNKNOWN_EXPECTATION.status], headers).end(body);
  });
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', connection: 'close' };
const UNKNOWN_EXPECTATION = new ApiError(
  'EXPECTATION_FAILED',
  'UNKNOWN_EXPECTATION',
  'The only expectation that can be met is "100-continue".',
);

function problemOf(code = ''): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError('HEADERS_TOO_LARGE', 'HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError('REQUEST_TIMEOUT', 'REQUEST_TIMEOUT', 'The request did not arrive in time.');
    default:
      return new ApiError('INVALID_ARGUMENT', 'NOT_HTTP', 'What arrived is not a request of HTTP/1.1.');
  }
}

function answer(problem: ApiError, requestId: string): string {
  const status = API_STATUS[problem.status];
  const body = JSON.stringify(errorBody(problem, requestId));
  const headers = { ...HEADERS, 'x-request-id': requestId, 'content-length': Buffer.byteLength(body) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
