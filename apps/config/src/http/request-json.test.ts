import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ApiError } from './api-error.ts';
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

  it('takes whatever bytes come for an object, or refuses them', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '"a"',
      'null',
      '1',
      '-',
      '1e9',
      '9007199254740993',
      '\\',
      '\\u0000',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 100 }).map((noise) => Buffer.from(noise)),
      fc.array(token, { maxLength: 30 }).map((tokens) => Buffer.from(tokens.join(''))),
      fc.json().map((json) => Buffer.from(json)),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const read = attempt(() => parseObject(body));
        expect(read instanceof ApiError || (typeof read === 'object' && read !== null)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
