import { expect, it } from '@jest/globals';

import { exactJson } from './exact-json.ts';

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
