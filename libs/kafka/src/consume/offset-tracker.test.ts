import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { OffsetTracker, type Ticket } from './offset-tracker.ts';

function taken(tracker: OffsetTracker, ...offsets: number[]): Ticket[] {
  return offsets.map((offset) => {
    const ticket = tracker.take(offset, 1);
    if (!ticket) throw new Error(`offset ${offset} was not taken`);
    return ticket;
  });
}

describe('OffsetTracker', () => {
  it('has nothing to commit before the first record', () => {
    expect(new OffsetTracker().committable()).toBeUndefined();
  });

  it('commits the smallest unsettled offset, however many above it are settled', () => {
    const tracker = new OffsetTracker();
    const [a, b, c] = taken(tracker, 10, 11, 12);
    tracker.settle(b!);
    tracker.settle(c!);
    expect(tracker.committable()).toBe(10);
    tracker.settle(a!);
    expect(tracker.committable()).toBe(13);
  });

  it('steps over gaps that compaction or transactions left', () => {
    const tracker = new OffsetTracker();
    const [a, b] = taken(tracker, 3, 90);
    tracker.settle(a!);
    expect(tracker.committable()).toBe(90);
    tracker.settle(b!);
    expect(tracker.committable()).toBe(91);
  });

  it('does not take an offset twice', () => {
    const tracker = new OffsetTracker();
    taken(tracker, 5, 6);
    expect(tracker.take(5, 1)).toBeUndefined();
    expect(tracker.take(6, 1)).toBeUndefined();
    expect(tracker.take(7, 1)).toBeDefined();
  });

  it('measures the span from the oldest unsettled to the newest taken', () => {
    const tracker = new OffsetTracker();
    const [a] = taken(tracker, 100, 101, 150);
    expect(tracker.span()).toBe(51);
    tracker.settle(a!);
    expect(tracker.span()).toBe(50);
  });

  it('never lets the committable offset pass an unsettled one, in any order of completion', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3_000 }),
        fc.array(fc.nat(), { maxLength: 4_000 }),
        (steps, picks) => {
          const tracker = new OffsetTracker();
          const open: Ticket[] = [];
          let offset = 0;
          for (const [index, step] of steps.entries()) {
            offset += step;
            open.push(...taken(tracker, offset));
            const pick = picks[index];
            if (pick !== undefined && pick % 3 !== 0) {
              const [settled] = open.splice(pick % open.length, 1);
              if (settled) tracker.settle(settled);
            }
            const oldest = open[0]?.offset ?? offset + 1;
            expect(tracker.committable()).toBe(oldest);
            expect(tracker.unsettled()).toBe(open.length);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
