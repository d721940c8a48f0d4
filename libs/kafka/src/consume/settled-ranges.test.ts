import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodeSettled, encodeSettled, type OffsetRange } from './settled-ranges.ts';

/** Ascending ranges above `committed`, from distances and lengths. */
function ranges(committed: number, parts: ReadonlyArray<readonly [number, number]>): OffsetRange[] {
  let end = committed;
  return parts.map(([distance, length]) => {
    const first = end + distance;
    end = first + length;
    return { first, last: end - 1 };
  });
}

const parts = fc.array(fc.tuple(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 100_000 })), { maxLength: 300 });

describe('settled ranges in commit metadata', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER - 2 ** 40 }), parts, (committed, given) => {
        const written = ranges(committed, given);
        expect(decodeSettled(committed, encodeSettled(committed, written))).toEqual(written);
      }),
      { numRuns: 200 },
    );
  });

  it('write nothing where nothing is settled', () => {
    expect(encodeSettled(5, [])).toBeNull();
  });

  it('stay within 4,096 characters, and leave out the highest ranges', () => {
    const written = ranges(
      1_000,
      Array.from({ length: 20_000 }, () => [1, 1] as const),
    );
    const metadata = encodeSettled(1_000, written);
    expect(metadata?.length).toBeGreaterThan(4_000);
    expect(metadata?.length).toBeLessThanOrEqual(4_096);
    const read = decodeSettled(1_000, metadata);
    expect(read.length).toBeGreaterThan(1_500);
    expect(read).toEqual(written.slice(0, read.length));
  });

  it('use all the room there is', () => {
    // 3,069 bytes of the 3,069 that base64url makes 4,092 characters of: one range of three, the others of two.
    const fitting = ranges(0, [[128, 1], ...Array.from({ length: 1_533 }, () => [1, 1] as const)]);
    expect(decodeSettled(0, encodeSettled(0, fitting))).toEqual(fitting);
    const oneMore = ranges(0, [[128, 1], ...Array.from({ length: 1_534 }, () => [1, 1] as const)]);
    expect(decodeSettled(0, encodeSettled(0, oneMore))).toEqual(fitting);
  });

  it.each([127, 128, 129, 16_383, 16_384, 2_097_152])('carry %i, at the edge of another byte', (size) => {
    const written = [{ first: 5 + size, last: 5 + size + size - 1 }];
    expect(decodeSettled(5, encodeSettled(5, written))).toEqual(written);
  });

  it('leave out the highest ranges, also when one above would fit', () => {
    const many = fc.array(fc.tuple(fc.nat({ max: 2 ** 22 }), fc.integer({ min: 1, max: 2 ** 22 })), {
      minLength: 900,
      maxLength: 900,
    });
    fc.assert(
      fc.property(many, (given) => {
        const written = ranges(0, given);
        const read = decodeSettled(0, encodeSettled(0, written));
        expect(read).toEqual(written.slice(0, read.length));
      }),
      { numRuns: 20 },
    );
  });

  it('carry distances and lengths beyond 32 bits, and nothing beyond what a number holds exactly', () => {
    const far = [{ first: 2 ** 40, last: 2 ** 41 }];
    expect(decodeSettled(3, encodeSettled(3, far))).toEqual(far);
    const longest = encodeSettled(0, [{ first: 0, last: Number.MAX_SAFE_INTEGER - 1 }]);
    expect(decodeSettled(0, longest)).toHaveLength(1);
    expect(decodeSettled(7, longest)).toEqual([]);
  });

  it.each([
    null,
    undefined,
    '',
    'written by somebody else',
    's2:AQE',
    's1:AQ',
    's1:AQA',
    's1:gICA',
    's1:AQGA',
    's1:_____________________w8B',
  ])('mean nothing when they are not ours: %s', (metadata) => {
    expect(decodeSettled(7, metadata)).toEqual([]);
  });

  it('never throw, whatever stands there', () => {
    fc.assert(
      fc.property(fc.base64String(), (text) => {
        for (const { first, last } of decodeSettled(100, `s1:${text}`)) {
          expect(first).toBeGreaterThanOrEqual(100);
          expect(last).toBeGreaterThanOrEqual(first);
        }
      }),
    );
  });
});
