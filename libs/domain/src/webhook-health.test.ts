import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { FAILURES_COUNTED, mergeHealth, NO_HEALTH, type WebhookHealth } from './webhook-health.ts';

interface Entry {
  readonly at: number;
  readonly outcome: 'delivered' | 'failed' | 'gone' | 'held' | 'enabled';
}

/** What the words mean, said without the product's own code. */
function healthOf(entries: readonly Entry[]): WebhookHealth {
  const of = (...outcomes: ReadonlyArray<Entry['outcome']>): number[] =>
    entries
      .filter(({ outcome }) => outcomes.includes(outcome))
      .map(({ at }) => at)
      .toSorted((a, b) => a - b);
  const lastWell = of('delivered', 'enabled').at(-1) ?? -1;
  const lastOther = of('delivered', 'failed').at(-1);
  const failures = of('failed', 'gone').filter((at) => at > lastWell);
  return {
    lastSuccessAt: of('delivered').at(-1),
    lastFailureAt: of('failed', 'gone').at(-1),
    failingSince: failures[0],
    failures: Math.min(failures.length, FAILURES_COUNTED),
    lastOtherAt: lastOther,
    goneSince: of('gone').find((at) => at > lastWell && at > (lastOther ?? -1)),
    enabledAt: of('enabled').at(-1),
  };
}

const entries = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 30 }),
    outcome: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<Entry['outcome']>('failed', 'gone') },
      { weight: 1, arbitrary: fc.constantFrom<Entry['outcome']>('delivered', 'held', 'enabled') },
    ),
  }),
  { maxLength: 30 },
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
      { numRuns: 3_000 },
    );
  });

  it('forget an earlier failure once a success is known that came after it', () => {
    const failing = { ...NO_HEALTH, lastSuccessAt: 1, lastFailureAt: 7, failingSince: 5, failures: 2, lastOtherAt: 7 };
    expect(mergeHealth(failing, { ...NO_HEALTH, lastSuccessAt: 6, lastOtherAt: 6 })).toEqual({
      ...NO_HEALTH,
      lastSuccessAt: 6,
      lastFailureAt: 7,
      lastOtherAt: 7,
    });
  });

  it('forget what was before a webhook was enabled again', () => {
    const gone = { ...NO_HEALTH, lastFailureAt: 7, failingSince: 5, failures: 2, goneSince: 5 };
    expect(mergeHealth(gone, { ...NO_HEALTH, enabledAt: 8 })).toEqual({ ...NO_HEALTH, lastFailureAt: 7, enabledAt: 8 });
  });
});
