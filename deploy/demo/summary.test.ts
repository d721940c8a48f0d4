import { describe, expect, it } from '@jest/globals';

import { type Accounted, summaryOf } from './summary.ts';

type Outcome = 'delivered' | 'failed';
type Step = 'none' | 'retry' | 'dead_letter';

const PATH = '/old-crm';

function account(
  attempts: ReadonlyArray<readonly [string, Outcome, Step]>,
  deadLetters: readonly string[] = [],
): Accounted {
  return {
    webhook: { part: { path: PATH } },
    attempts: new Map(
      attempts.map(([event_id, outcome, kind], at) => [
        String(at),
        { event_id, outcome, next: { kind, tier: null, at: null, reason: null } },
      ]),
    ),
    deadLetters: new Map(deadLetters.map((event_id) => [event_id, { event_id }])),
  };
}

function summary(one: Accounted, ...expected: readonly string[]) {
  return summaryOf([one], {
    events: expected.length,
    expected: expected.map((eventId) => ({ path: PATH, eventId })),
    wrongSignatures: 0,
  });
}

describe('the sum of the books', () => {
  it('counts what was delivered at once, after a retry, and twice', () => {
    const one = account([
      ['a', 'delivered', 'none'],
      ['b', 'failed', 'retry'],
      ['b', 'delivered', 'none'],
      ['c', 'delivered', 'none'],
      ['c', 'delivered', 'none'],
    ]);
    expect(summary(one, 'a', 'b', 'c')).toEqual({
      events: 3,
      deliveries: 4,
      retried: 2,
      deadLetters: 0,
      duplicates: 1,
      waiting: 0,
      lost: 0,
      wrongSignatures: 0,
    });
  });

  it('tells what waits for another attempt from what is lost', () => {
    const one = account([['a', 'failed', 'retry']]);
    expect(summary(one, 'a', 'never-seen')).toMatchObject({ waiting: 1, lost: 1 });
  });

  it('has what was given up among the dead letters, neither waiting nor lost', () => {
    const one = account(
      [
        ['a', 'failed', 'retry'],
        ['a', 'failed', 'dead_letter'],
      ],
      ['a'],
    );
    expect(summary(one, 'a')).toMatchObject({ deadLetters: 1, waiting: 0, lost: 0 });
  });
});
