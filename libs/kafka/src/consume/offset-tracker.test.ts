import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { OffsetTracker, type Ticket } from './offset-tracker.ts';
import { decodeSettled } from './settled-ranges.ts';

function taken(tracker: OffsetTracker, ...offsets: number[]): Ticket[] {
  return offsets.map((offset) => {
    const ticket = tracker.take(offset, 1, 0);
    if (!ticket) throw new Error(`offset ${offset} was not taken`);
    return ticket;
  });
}

/** The committed offset. */
function offsetOf(tracker: OffsetTracker): number | undefined {
  return tracker.commitPoint()?.offset;
}

describe('OffsetTracker', () => {
  it('has nothing to commit before the first record', () => {
    expect(new OffsetTracker().commitPoint()).toBeUndefined();
  });

  it('commits the smallest unsettled offset, however many above it are settled', () => {
    const tracker = new OffsetTracker();
    const [a, b, c] = taken(tracker, 10, 11, 12);
    tracker.settle(b!);
    tracker.settle(c!);
    expect(offsetOf(tracker)).toBe(10);
    tracker.settle(a!);
    expect(offsetOf(tracker)).toBe(13);
  });

  it('steps over gaps that compaction or transactions left', () => {
    const tracker = new OffsetTracker();
    const [a, b] = taken(tracker, 3, 90);
    tracker.settle(a!);
    expect(offsetOf(tracker)).toBe(90);
    tracker.settle(b!);
    expect(offsetOf(tracker)).toBe(91);
  });

  it('does not take an offset twice', () => {
    const tracker = new OffsetTracker();
    taken(tracker, 5, 6);
    expect(tracker.take(5, 1, 0)).toBeUndefined();
    expect(tracker.take(6, 1, 0)).toBeUndefined();
    expect(tracker.take(7, 1, 0)).toBeDefined();
  });

  it('measures the span from the oldest unsettled to the newest taken', () => {
    const tracker = new OffsetTracker();
    const [a] = taken(tracker, 100, 101, 150);
    expect(tracker.span()).toBe(51);
    tracker.settle(a!);
    expect(tracker.span()).toBe(50);
  });

  it('spans nothing while nothing is open', () => {
    const tracker = new OffsetTracker();
    expect(tracker.span()).toBe(0);
    const [only] = taken(tracker, 100);
    tracker.settle(only!);
    expect(tracker.span()).toBe(0);
    expect(tracker.end).toBe(101);
  });

  it('notes the bytes and the time of a record, and knows the oldest that is not settled', () => {
    const tracker = new OffsetTracker();
    const first = tracker.take(1, 700, 90);
    const second = tracker.take(2, 50, 91);
    expect(first).toEqual({ offset: 1, bytes: 700, timestamp: 90, settled: false });
    expect(tracker.oldest()).toBe(first);
    tracker.settle(first!);
    expect(tracker.oldest()).toBe(second);
  });

  it('never passes an unsettled offset over thousands of records that are settled a little out of order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 29 }), { minLength: 50, maxLength: 50 }), (picks) => {
        const tracker = new OffsetTracker();
        const open: Ticket[] = [];
        for (let offset = 0; offset < 5_000; offset += 1) {
          const ticket = tracker.take(offset, 1, 0);
          if (ticket) open.push(ticket);
          if (open.length < 30) continue;
          const [done] = open.splice(picks[offset % picks.length] ?? 0, 1);
          if (done) tracker.settle(done);
          const committable = offsetOf(tracker);
          if (committable !== open[0]?.offset) expect(committable).toBe(open[0]?.offset);
        }
      }),
      { numRuns: 10 },
    );
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
            expect(offsetOf(tracker)).toBe(oldest);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('OffsetTracker and the owner after it', () => {
  it('does not hand out what a former owner settled', () => {
    const tracker = new OffsetTracker([
      { first: 12, last: 13 },
      { first: 20, last: 20 },
    ]);
    expect([10, 11, 12, 13, 14, 20, 21].filter((offset) => tracker.take(offset, 1, 0))).toEqual([10, 11, 14, 21]);
    expect(offsetOf(tracker)).toBe(10);
  });

  it('commits past what a former owner settled once nothing below it is open', () => {
    const tracker = new OffsetTracker([{ first: 11, last: 12 }]);
    const [first] = taken(tracker, 10);
    tracker.take(11, 1, 0);
    tracker.take(12, 1, 0);
    tracker.settle(first!);
    expect(tracker.commitPoint()).toEqual({ offset: 13, metadata: null });
  });

  it('commits past what a former owner settled when that is all there is', () => {
    const tracker = new OffsetTracker([{ first: 10, last: 11 }]);
    tracker.take(10, 1, 0);
    tracker.take(11, 1, 0);
    expect(tracker.commitPoint()).toEqual({ offset: 12, metadata: null });
  });

  it('passes on what a former owner settled further up and was not read again yet', () => {
    const before = [{ first: 500, last: 600 }];
    const tracker = new OffsetTracker(before);
    taken(tracker, 10);
    const point = tracker.commitPoint()!;
    expect(point.offset).toBe(10);
    expect(decodeSettled(10, point.metadata)).toEqual(before);
  });

  it('never skips an unsettled offset over any number of crashes, and repeats none that was settled before the last commit', () => {
    const step = fc.record({ take: fc.integer({ min: 1, max: 30 }), settle: fc.array(fc.nat(), { maxLength: 30 }) });
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { minLength: 1, maxLength: 6 }), (owners) => {
        const settled = new Set<number>();
        let committed = 0;
        let metadata: string | null = null;
        for (const steps of owners) {
          const known = decodeSettled(committed, metadata);
          const tracker = new OffsetTracker(known);
          const open: Ticket[] = [];
          let offset = committed;
          for (const { take, settle } of steps) {
            for (let count = 0; count < take; count += 1, offset += 1) {
              const ticket = tracker.take(offset, 1, 0);
              const skipped = known.some(({ first, last }) => first <= offset && offset <= last);
              if (skipped !== (ticket === undefined))
                throw new Error(`offset ${offset} was ${skipped ? '' : 'not '}taken`);
              if (ticket) open.push(ticket);
              else if (!settled.has(offset)) throw new Error(`offset ${offset} was skipped`);
            }
            for (const pick of settle) {
              const [done] = open.splice(pick % Math.max(1, open.length), 1);
              if (!done) continue;
              tracker.settle(done);
              settled.add(done.offset);
            }
            const point = tracker.commitPoint();
            if (!point) continue;
            ({ offset: committed, metadata } = point);
            const below = Array.from({ length: committed }, (_, index) => index);
            expect(below.filter((passed) => !settled.has(passed))).toEqual([]);
            const passedOn = decodeSettled(committed, metadata).flatMap(({ first, last }) =>
              Array.from({ length: last - first + 1 }, (_, index) => first + index),
            );
            expect(passedOn).toEqual([...settled].filter((done) => done >= committed).toSorted((a, b) => a - b));
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
