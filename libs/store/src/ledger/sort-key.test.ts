import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isSortKey, keyRange, sortKey, timeKey } from './sort-key.ts';

const entry = fc.record({
  at: fc.integer({ min: 0, max: 9_999_999_999_999 }),
  id: fc.string({ minLength: 1, maxLength: 5 }),
});
const near = fc.record({ at: fc.integer({ min: 0, max: 3 }), id: fc.constantFrom('a', 'b', 'c') });

describe('sort keys', () => {
  it('are in the order of time, then of id', () => {
    fc.assert(
      fc.property(fc.oneof(entry, near), fc.oneof(entry, near), (a, b) => {
        const byKey = sortKey(a.at, a.id) < sortKey(b.at, b.id);
        expect(byKey).toBe(a.at === b.at ? a.id < b.id : a.at < b.at);
      }),
      { numRuns: 2_000 },
    );
  });

  it('fall into a range as their times fall into the span, and only before the cursor', () => {
    const times = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
    fc.assert(
      fc.property(near, times, times, fc.option(near, { nil: undefined }), ({ at, id }, since, until, last) => {
        const before = last && sortKey(last.at, last.id);
        const range = keyRange({ since, until, before });
        const key = sortKey(at, id);
        const inside =
          (range?.$gte === undefined || key >= range.$gte) && (range?.$lt === undefined || key < range.$lt);
        const wanted =
          (since === undefined || at >= since) &&
          (until === undefined || at < until) &&
          (last === undefined || at < last.at || (at === last.at && id < last.id));
        expect(inside).toBe(wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of times that they cannot hold are at the ends', () => {
    expect([timeKey(-5), timeKey(Date.UTC(9999, 0))]).toEqual(['0000000000000', '9999999999999']);
  });

  it('are told from other texts', () => {
    expect(isSortKey(sortKey(1_795_516_989_123, 'x'))).toBe(true);
    expect(['', 'x', timeKey(5), `${timeKey(5)}/`, '12/x'].map(isSortKey)).toEqual([false, false, false, false, false]);
  });
});
