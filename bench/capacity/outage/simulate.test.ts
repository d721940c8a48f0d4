import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type Course, type Outage, simulate } from './simulate.ts';

const QUIET: Outage = {
  schedule: '5s,30s,2m,15m,1h,6h,24h',
  perSecond: 10,
  webhooks: 1_000,
  hours: 2,
  retriesPerSecond: 100_000,
  holdCost: 0.3,
};
const BUSY: Outage = { ...QUIET, perSecond: 1_000, webhooks: 500 };

const outages: fc.Arbitrary<Outage> = fc.record({
  schedule: fc.constantFrom('1s,2s', '5s,30s,2m', '5s,30s,2m,15m'),
  perSecond: fc.integer({ min: 1, max: 5_000 }),
  webhooks: fc.integer({ min: 1, max: 10_000 }),
  hours: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
  retriesPerSecond: fc.integer({ min: 1, max: 20_000 }),
  holdCost: fc.double({ min: 0.05, max: 1, noNaN: true }),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function expectConserved({ moments }: Course): void {
  expect(moments.length).toBeGreaterThan(0);
  for (const { arrived, delivered, dead, waiting, due } of moments) {
    const found = delivered + dead + due + sum(waiting);
    expect(Math.abs(found - arrived)).toBeLessThanOrEqual(1e-6 * arrived);
    for (const depth of [...waiting, due]) expect(depth).toBeGreaterThanOrEqual(-1e-6 * arrived);
  }
}

describe('an outage of a region', () => {
  it('has every delivery in exactly one tier, due, delivered or given up, at every moment', () => {
    fc.assert(
      fc.property(outages, (outage) => expectConserved(simulate(outage))),
      { numRuns: 30, endOnFailure: true },
    );
  });

  it('takes no longer to recover from with more workers, from those on that keep up while it lasts', () => {
    const more = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(outages, more, (outage, additional) => {
        const enough = simulate({ ...outage, retriesPerSecond: 1e9 });
        const keepingUp = { ...outage, retriesPerSecond: Math.ceil(enough.deepest) };
        const [few, many] = [keepingUp, { ...keepingUp, retriesPerSecond: keepingUp.retriesPerSecond + additional }];
        expect(simulate(many).recovered).toBeLessThanOrEqual(simulate(few).recovered ?? Number.NaN);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('leaves the deliveries of busy webhooks in the 15 minutes tier at most, without using attempts up', () => {
    const course = simulate(BUSY);
    const [, , , quarter, hour, six, day] = course.deepestByTier;
    expect(quarter).toBeGreaterThan(0.9 * course.deepest);
    expect(sum([hour!, six!, day!])).toBeLessThan(0.01 * course.deepest);
    expect(course.nearlyRecovered).toBeGreaterThan(840);
    expect(course.nearlyRecovered).toBeLessThan(1_000);
    expect(course.dead).toBe(0);
  });

  it('has the deliveries of quiet webhooks climb the schedule, and wait for their next attempt', () => {
    const course = simulate(QUIET);
    const [, , , , , six, day] = course.deepestByTier;
    expect(six).toBeGreaterThan(0.3 * course.deepest);
    expect(day).toBe(0);
    expect(course.recovered).toBeGreaterThan(4 * 3_600);
    expect(course.recovered).toBeLessThan(6 * 3_600 + 10);
  });

  it('takes as long as the workers need, where they are few', () => {
    const perSecond = 2_000;
    const course = simulate({ ...BUSY, retriesPerSecond: perSecond });
    const owed = BUSY.perSecond * BUSY.hours * 3_600;
    expect(course.recovered).toBeGreaterThan(owed / perSecond - 900);
    expect(course.recovered).toBeLessThan(owed / perSecond + 1_200);
  });

  it('gives up what has used the schedule up', () => {
    const course = simulate({ ...QUIET, schedule: '1s,2s', hours: 0.5 });
    const first = 10 * 0.5 * 3_600;
    expect(course.dead).toBeGreaterThan(0.9 * first);
    expect(course.dead).toBeLessThanOrEqual(first);
  });

  it('is refused where deliveries would grow too old', () => {
    expect(() => simulate({ ...QUIET, hours: 49 })).toThrow('at most 48 h');
  });
});
