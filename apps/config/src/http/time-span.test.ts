import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { EMPTY_SPAN, showTime, spanIsNotEmpty, timeSpan } from './time-span.ts';

const schema = z.strictObject(timeSpan).refine(spanIsNotEmpty, EMPTY_SPAN);

describe('a span of time', () => {
  it('is read in milliseconds, whatever the offset, and may be open', () => {
    expect(schema.parse({ since: '2026-01-01T01:00:00+01:00', until: '2026-01-01T00:00:00.001Z' })).toEqual({
      since: Date.UTC(2026, 0, 1),
      until: Date.UTC(2026, 0, 1) + 1,
    });
    expect(schema.parse({})).toEqual({});
  });

  it.each([
    'yesterday',
    '2026-01-01',
    '1767225600',
    '2026-01-01T00:00:00',
    '2026-01-01T01:00:00 01:00',
    '2026-13-01T00:00:00Z',
  ])('does not begin %j', (since) => {
    const { error } = schema.safeParse({ since });
    expect(error?.issues).toMatchObject([{ path: ['since'], message: expect.stringContaining('RFC 3339') }]);
  });

  it.each(['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z'])('that begins with the year does not end at %s', (until) => {
    const { error } = schema.safeParse({ since: '2026-01-01T00:00:00Z', until });
    expect(error?.issues).toMatchObject([{ path: ['until'], message: 'must be later than since' }]);
  });

  it('shows times in RFC 3339', () => {
    expect([showTime(0), showTime(undefined)]).toEqual(['1970-01-01T00:00:00.000Z', null]);
  });
});
