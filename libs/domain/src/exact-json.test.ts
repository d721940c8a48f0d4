import { expect, it } from '@jest/globals';

import { exactEventJson, exactJson } from './exact-json.ts';

it('keeps every digit of whole numbers', () => {
  expect(exactJson('[9007199254740991,9007199254740993,-9007199254740993,1.5,1e3]')).toEqual([
    9_007_199_254_740_991,
    9_007_199_254_740_993n,
    -9_007_199_254_740_993n,
    1.5,
    1_000,
  ]);
});

it('refuses what is no JSON, and numbers that nothing can hold', () => {
  expect(() => exactJson('{')).toThrow(SyntaxError);
  expect(() => exactJson('1e999')).toThrow('beyond the range');
});

it('refuses a name that an object has twice, but takes the last value of it from an event', () => {
  const text = '{"a":1,"b":{"c":9007199254740993,"c":2},"a":9007199254740993}';
  expect(() => exactJson(text)).toThrow(SyntaxError);
  expect(exactEventJson(text)).toEqual({ a: 9_007_199_254_740_993n, b: { c: 2 } });
  expect(() => exactEventJson('{')).toThrow(SyntaxError);
});
