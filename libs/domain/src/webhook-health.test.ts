import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { mergeHealth, NO_HEALTH, type WebhookHealth } from './webhook-health.ts';

interface Entry {
  readonly at: number;
  readonly outcome: 'delivered' | 'failed' | 'held';
}

/** What the words mean, said without the product's own code. */
function healthOf(entries: readonly Entry[]): WebhookHealth {
  const of = (outcome: Entry['outcome']): number[] =>
    entries.filter((entry) => entry.outcome === outcome).map(({ at }) => at);
  const lastSuccessAt = of('delivered').toSorted((a, b) => b - a)[0];
  return {
    lastSuccessAt,
    lastFailureAt: of('failed').toSorted((a, b) => b - a)[0],
    failingSince: of('failed')
      .filter((at) => at > (lastSuccessAt ?? Number.NEGATIVE_INFINITY))
      .toSorted((a, b) => a - b)[0],
  };
}

const entries = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 30 }),
    outcome: fc.constantFrom<Entry['outcome']>('delivered', 'failed', 'held'),
  }),
  { maxLength: 20 },
);

describe('joined views of a webhook', () => {
  it('are the view of whoever knew everything, in whatever order and however often they are joined', () => {
    const situation = entries.chain((all) =>
      fc.record({
        all: fc.constant(all),
        // Each view knew the attempts that had been written when it was taken: a prefix of the order of writing.
        views: fc.array(fc.nat({ max: all.length }), { maxLength: 8 }),
        order: fc.infiniteStream(fc.nat()),
      }),
    );
    fc.assert(
      fc.property(situation, ({ all, views, order }) => {
        const taken = [...views, all.length].map((known) => healthOf(all.slice(0, known)));
        const shuffled = taken
          .flatMap((view) => [view, view])
          .map((view) => ({ view, place: order.next().value }))
          .toSorted((a, b) => a.place - b.place);
        expect(shuffled.reduce((joined, { view }) => mergeHealth(joined, view), NO_HEALTH)).toEqual(healthOf(all));
      }),
      { numRuns: 2_000 },
    );
  });

  it('forget an earlier failure once a success is known that came after it', () => {
    const failing = { lastSuccessAt: 1, lastFailureAt: 7, failingSince: 5 };
    expect(mergeHealth(failing, { lastSuccessAt: 6, lastFailureAt: undefined, failingSince: undefined })).toEqual({
      lastSuccessAt: 6,
      lastFailureAt: 7,
      failingSince: undefined,
    });
  });
});
