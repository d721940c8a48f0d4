import { describe, expect, it } from '@jest/globals';

import { headerLine, InvalidHeaderError, requestBytes, requestOpening } from './request-bytes.ts';

describe('a request', () => {
  it('goes over the wire in one piece', () => {
    const opening = requestOpening({ method: 'PUT', path: '/a?b=c', host: 'example.com:8443' });
    expect(requestBytes(opening, headerLine('x-a', 'b c\td'), Buffer.from('{"ö":1}')).toString()).toBe(
      'PUT /a?b=c HTTP/1.1\r\nhost: example.com:8443\r\nconnection: keep-alive\r\nx-a: b c\td\r\ncontent-length: 8\r\n\r\n{"ö":1}',
    );
  });

  it.each(['a\r\nb', 'a\nb', 'a\rb', 'a\0', 'ö', '\u010d\u010a'])('cannot have a header with the value %j', (value) => {
    expect(() => headerLine('x-a', value)).toThrow(InvalidHeaderError);
  });
});
