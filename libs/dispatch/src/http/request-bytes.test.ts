import { describe, expect, it } from '@jest/globals';

import { InvalidHeaderError, requestBytes } from './request-bytes.ts';

const request = {
  method: 'PUT',
  path: '/a?b=c',
  host: 'example.com:8443',
  headers: ['x-a', 'b c\td'],
  body: Buffer.from('{"ö":1}'),
};

describe('a request', () => {
  it('goes over the wire in one piece', () => {
    expect(requestBytes(request).toString()).toBe(
      'PUT /a?b=c HTTP/1.1\r\nhost: example.com:8443\r\nconnection: keep-alive\r\nx-a: b c\td\r\ncontent-length: 8\r\n\r\n{"ö":1}',
    );
  });

  it.each(['a\r\nb', 'a\nb', 'a\rb', 'a\0', 'ö', '\u010d\u010a'])('cannot have a header with the value %j', (value) => {
    expect(() => requestBytes({ ...request, headers: ['x-a', value] })).toThrow(InvalidHeaderError);
  });
});
