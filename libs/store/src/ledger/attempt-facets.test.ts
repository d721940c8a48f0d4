import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ATTEMPT_RESULTS } from '#libs/domain';

import { facetsOf, facetText, STATUS_CLASSES } from './attempt-facets.ts';

const attempt = fc.record({
  outcome: fc.constantFrom(...ATTEMPT_RESULTS),
  status: fc.option(fc.constantFrom(200, 204, 301, 404, 429, 503), { nil: undefined }),
  eventType: fc.oneof(fc.constantFrom('call_hangup', 'status=2xx', 'x status=2xx', ''), fc.string()),
});
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

describe('the facets of an attempt', () => {
  it('hold the text of exactly those narrowings that it belongs to', () => {
    const narrowing = fc.record({
      outcome: maybe(fc.constantFrom(...ATTEMPT_RESULTS)),
      status: maybe(fc.constantFrom(...STATUS_CLASSES)),
      eventType: maybe(fc.oneof(fc.constantFrom('call_hangup', 'status=2xx', 'x status=2xx'), fc.string())),
    });
    fc.assert(
      fc.property(attempt, narrowing, (given, wanted) => {
        const statusClass = given.status === undefined ? 'none' : `${String(given.status)[0]}xx`;
        const belongs =
          (wanted.outcome === undefined || wanted.outcome === given.outcome) &&
          (wanted.status === undefined || wanted.status === statusClass) &&
          (wanted.eventType === undefined || wanted.eventType === given.eventType);
        expect(facetsOf(given).includes(facetText(wanted))).toBe(belongs);
      }),
      { numRuns: 5_000 },
    );
  });

  it('hold an attempt once for each narrowing', () => {
    fc.assert(fc.property(attempt, (given) => expect(new Set(facetsOf(given)).size).toBe(8)));
  });
});
