import { describe, expect, it } from '@jest/globals';

import { SteadyTime } from './steady-time.ts';

const HOUR_MS = 3_600_000;

describe('SteadyTime', () => {
  let wall = 1_700_000_000_000;
  let passed = 12.25;
  const steady = new SteadyTime(
    () => wall,
    () => passed,
  );

  it('goes on as time passes', () => {
    expect(steady.now()).toBe(1_700_000_000_000);
    passed += 1_500.5;
    wall += 1_500;
    expect(steady.now()).toBe(1_700_000_001_500);
    expect(steady.wallAheadMs()).toBe(0);
  });

  it.each([HOUR_MS, -HOUR_MS])(
    'does not follow a clock that is set by %i ms, and tells how far that is off',
    (jump) => {
      const before = steady.now();
      wall += jump;
      expect(steady.now()).toBe(before);
      expect(steady.wallAheadMs()).toBe(jump);
      wall -= jump;
    },
  );
});
