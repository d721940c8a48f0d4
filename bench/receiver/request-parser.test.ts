import { describe, expect, it } from '@jest/globals';

import { RequestError, RequestParser } from './request-parser.ts';

const request = (path: string, body = '', lengthName = 'content-length'): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${lengthName}: ${body.length}\r\nwebhook-id: 7\r\n\r\n${body}`;

function pathsIn(chunks: readonly (string | Buffer)[]): string[] {
  const paths: string[] = [];
  const parser = new RequestParser((head) => paths.push(head.split(' ')[1] ?? ''));
  for (const chunk of chunks) parser.push(Buffer.from(chunk));
  return paths;
}

describe('the request parser', () => {
  it('finds a request with and without a body', () => {
    expect(pathsIn([request('/a', 'hello'), request('/b')])).toEqual(['/a', '/b']);
  });

  it('finds several requests in one chunk, in their order', () => {
    expect(pathsIn([request('/a', 'hello') + request('/b') + request('/c', '{"x":1}')])).toEqual(['/a', '/b', '/c']);
  });

  it('finds the same requests wherever the bytes are cut', () => {
    const bytes = Buffer.from(request('/a', 'hello\r\n\r\nworld') + request('/b', 'x') + request('/c'));
    for (let first = 0; first <= bytes.length; first++) {
      const second = Math.min(bytes.length, first + 9);
      const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      expect(pathsIn(chunks)).toEqual(['/a', '/b', '/c']);
    }
    expect(pathsIn([...bytes].map((byte) => Buffer.of(byte)))).toEqual(['/a', '/b', '/c']);
  });

  it('tells of a request only once its body is complete', () => {
    const text = request('/a', 'hello');
    expect(pathsIn([text.slice(0, -1)])).toEqual([]);
    expect(pathsIn([text.slice(0, -1), 'o'])).toEqual(['/a']);
  });

  it('counts bytes, not characters', () => {
    const body = 'grüße';
    const head = `POST /a HTTP/1.1\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    expect(pathsIn([head + body + request('/b')])).toEqual(['/a', '/b']);
  });

  it('reads the length whatever its case and blanks', () => {
    const tight = request('/b', 'hello').replace('content-length: ', 'CONTENT-LENGTH:');
    expect(pathsIn([request('/a', 'hello', 'Content-Length'), tight])).toEqual(['/a', '/b']);
  });

  it('hands over the whole head', () => {
    const heads: string[] = [];
    new RequestParser((head) => heads.push(head)).push(Buffer.from(request('/a', 'hello')));
    expect(heads).toEqual(['POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nwebhook-id: 7\r\n']);
  });

  it('refuses a head without an end', () => {
    const parser = new RequestParser(() => undefined);
    expect(() => parser.push(Buffer.alloc(70_000, 'x'))).toThrow(RequestError);
  });
});
