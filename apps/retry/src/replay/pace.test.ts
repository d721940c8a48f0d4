import { describe, expect, it } from '@jest/globals';

import { Pace } from './pace.ts';

describe('a pace', () => {
  it('spreads work evenly over time', () => {
    let now = 1_000;
    const pace = new Pace(100, () => now);
    let spent = 0;
    for (let step = 0; step < 50; step += 1) {
      now += pace.spend(20);
      spent += 20;
    }
    expect(spent / ((now - 1_000) / 1_000)).toBeCloseTo(100);
  });

  it('takes off what the work itself took, and saves nothing up while there is none', () => {
    let now = 0;
    const pace = new Pace(100, () => now);
    expect(pace.spend(10)).toBe(100);
    now = 160;
    expect(pace.spend(10)).toBe(100);
    now = 230;
    expect(pace.spend(10)).toBe(130);
    now = 60_000;
    expect(pace.spend(10)).toBe(100);
  });
});
