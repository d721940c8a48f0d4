import { describe, expect, it } from '@jest/globals';

import { parseObject } from './request-json.ts';

describe('parseObject', () => {
  it('keeps every digit of whole numbers', () => {
    expect(parseObject(Buffer.from('{"a":9007199254740993,"b":-9223372036854775808,"c":7,"d":1.5}'))).toEqual({
      a: 9007199254740993n,
      b: -9223372036854775808n,
      c: 7,
      d: 1.5,
    });
  });

  it('keeps a key named __proto__ as a key', () => {
    const body = parseObject(Buffer.from('{"__proto__":{"admin":true}}'));
    expect(Object.keys(body)).toEqual(['__proto__']);
    expect('admin' in body).toBe(false);
  });

  it.each([
    ['{', 'NOT_JSON'],
    ["{'a':1}", 'NOT_JSON'],
    ['{"a":1,"a":2}', 'NOT_JSON'],
    ['{"a":1e400}', 'NOT_JSON'],
    ['['.repeat(100_000), 'JSON_TOO_DEEP'],
    [`{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'JSON_TOO_DEEP'],
    ['['.repeat(32) + ']'.repeat(32), 'NOT_AN_OBJECT'],
    [`"\\"${'['.repeat(100)}"`, 'NOT_AN_OBJECT'],
    ['[]', 'NOT_AN_OBJECT'],
    ['null', 'NOT_AN_OBJECT'],
    ['"text"', 'NOT_AN_OBJECT'],
    ['7', 'NOT_AN_OBJECT'],
  ])('refuses %.20s as %s', (text, reason) => {
    expect(() => parseObject(Buffer.from(text))).toThrow(expect.objectContaining({ reason }));
  });

  it('refuses what is not UTF-8', () => {
    expect(() => parseObject(Buffer.from([0x22, 0xff, 0x22]))).toThrow(expect.objectContaining({ reason: 'NOT_JSON' }));
  });
});
