import { describe, expect, it } from '@jest/globals';

import { readHead } from './response-head.ts';

const head = (...lines: string[]): ReturnType<typeof readHead> => readHead(lines.map((line) => `${line}\r\n`).join(''));

describe('a head', () => {
  it('says the status, where the body ends, and whether the connection stays', () => {
    expect(head('HTTP/1.1 200 OK', 'Content-Length: 12', 'Date: x', 'Retry-After:  7 ')).toEqual({
      status: 200,
      framing: { kind: 'length', bytes: 12 },
      persistent: true,
      keepAliveMs: undefined,
      retryAfter: '7',
    });
  });

  it.each([
    ['HTTP/1.1 200', 200],
    ['HTTP/1.1 503 ', 503],
    ['HTTP/1.0 404 Not Found', 404],
    ['HTTP/1.1 299 Zo\xeb', 299],
    ['HTTP/1.1 999 x', 999],
  ])('may begin with %j', (line, status) => {
    expect(head(line)?.status).toBe(status);
  });

  it.each([
    'HTTP/2 200 OK',
    'HTTP/1.2 200 OK',
    'http/1.1 200 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 200OK',
    ' HTTP/1.1 200 OK',
    'HTTP/1.1 200 O\0K',
  ])('may not begin with %j', (line) => {
    expect(head(line)).toBeUndefined();
  });

  it.each(['no colon', ': nameless', 'spaced : x', ' folded', '\tfolded', 'a: b\nc: d', 'a: b\rc', 'nul: \0', 'ö: x'])(
    'may not have the line %j',
    (line) => {
      expect(head('HTTP/1.1 200 OK', 'a: b', line)).toBeUndefined();
    },
  );

  it.each<[string, string[], object | undefined]>([
    ['nothing', [], { kind: 'close' }],
    ['a length', ['content-length: 3'], { kind: 'length', bytes: 3 }],
    ['the same length twice', ['content-length: 3', 'Content-Length: 3, 3'], { kind: 'length', bytes: 3 }],
    ['two lengths', ['content-length: 3', 'content-length: 4'], undefined],
    ['two lengths in a line', ['content-length: 3, 4'], undefined],
    ['a negative length', ['content-length: -1'], undefined],
    ['a length with a sign', ['content-length: +1'], undefined],
    ['a length in hex', ['content-length: 0x10'], undefined],
    ['a length beyond all bounds', ['content-length: 9999999999999999'], undefined],
    ['an empty length', ['content-length:'], undefined],
    ['chunks', ['Transfer-Encoding: Chunked'], { kind: 'chunked' }],
    ['compressed chunks', ['transfer-encoding: gzip, chunked'], { kind: 'chunked' }],
    ['chunks in a second line', ['transfer-encoding: gzip', 'transfer-encoding: chunked'], { kind: 'chunked' }],
    ['another coding', ['transfer-encoding: chunked, gzip'], { kind: 'close' }],
    ['a coding that only sounds like it', ['transfer-encoding: xchunked'], { kind: 'close' }],
    ['chunks and a length', ['content-length: 3', 'transfer-encoding: chunked'], { kind: 'chunked' }],
  ])('with %s says where the body ends', (_name, lines, framing) => {
    expect(head('HTTP/1.1 200 OK', ...lines)?.framing).toEqual(framing);
  });

  it.each(['HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not Modified', 'HTTP/1.1 103 Early Hints'])(
    'that begins with %j has no body, whatever it says',
    (line) => {
      expect(head(line, 'content-length: 5')?.framing).toEqual({ kind: 'length', bytes: 0 });
    },
  );

  it.each<[string, string[], boolean]>([
    ['HTTP/1.1 200 OK', ['content-length: 0'], true],
    ['HTTP/1.1 200 OK', ['content-length: 0', 'Connection: Close'], false],
    ['HTTP/1.1 200 OK', ['content-length: 0', 'connection: x, close'], false],
    ['HTTP/1.1 200 OK', ['content-length: 0', 'connection: closed'], true],
    ['HTTP/1.1 200 OK', [], false],
    ['HTTP/1.1 200 OK', ['transfer-encoding: chunked'], true],
    ['HTTP/1.1 200 OK', ['transfer-encoding: chunked', 'content-length: 0'], false],
    ['HTTP/1.1 204 No Content', [], true],
    ['HTTP/1.1 204 No Content', ['content-length: 0'], true],
    ['HTTP/1.1 204 No Content', ['content-length: 5'], false],
    ['HTTP/1.1 204 No Content', ['transfer-encoding: chunked'], false],
    ['HTTP/1.1 304 Not Modified', ['content-length: 5'], false],
    ['HTTP/1.0 200 OK', ['content-length: 0'], false],
    ['HTTP/1.0 200 OK', ['content-length: 0', 'connection: keep-alive'], true],
    ['HTTP/1.0 200 OK', ['transfer-encoding: chunked', 'connection: keep-alive'], false],
  ])('%j with %j keeps the connection: %s', (line, lines, persistent) => {
    expect(head(line, ...lines)?.persistent).toBe(persistent);
  });

  it.each([
    ['timeout=5', 5_000],
    ['max=100, timeout=72', 72_000],
    ['Timeout = "3"', 3_000],
    ['max=100', undefined],
    ['mytimeout=5', undefined],
  ])('with keep-alive: %s says for how long', (value, ms) => {
    expect(head('HTTP/1.1 200 OK', `Keep-Alive: ${value}`)?.keepAliveMs).toBe(ms);
  });
});
