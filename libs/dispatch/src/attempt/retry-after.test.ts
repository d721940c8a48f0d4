import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { retryAfterMs } from './retry-after.ts';

describe('retryAfterMs', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 7);

  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5_000],
    ['999999999999', 999_999_999_999_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
    ['Sun Nov  6 08:49:37 1994', 30_000],
  ])('%s asks for %i ms', (value, wait) => {
    expect(retryAfterMs(value, now)).toBe(wait);
  });

  it.each([
    ['-5'],
    ['1.5'],
    ['1e3'],
    ['soon'],
    [''],
    ['Soon 2099'],
    ['2099-01-01T00:00:00Z'],
    ['9999999999999'],
    ['Sun, 06 Nov 1994 08:49:07 GMT'],
    ['Sun, 99 Nov 1994 08:49:37 GMT'],
  ])('"%s" asks for nothing', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  it('takes no header for nothing', () => {
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });

  it('takes whatever comes for a time to come, or for nothing', () => {
    const part = fc.constantFrom(
      'Sun',
      'Sunday',
      ', ',
      ' ',
      '-',
      '06',
      '99',
      'Nov',
      '1994',
      '94',
      '08:49:37',
      'GMT',
      '120',
      '.5',
    );
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(header, (value) => {
        const wait = retryAfterMs(value, now);
        expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
