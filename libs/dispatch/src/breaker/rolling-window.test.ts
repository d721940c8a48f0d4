import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { RollingWindow } from './rolling-window.ts';

const STEP_MS = 100;
const STEPS = 10;

describe('RollingWindow', () => {
  it('counts what lies in its ten steps, the current one included', () => {
    const window = new RollingWindow(STEP_MS * STEPS);
    window.record(true, 50);
    window.record(false, 99);
    window.record(false, 100);
    expect(window.counts(999)).toEqual({ successes: 1, failures: 2 });
    expect(window.counts(1_000)).toEqual({ successes: 0, failures: 1 });
    expect(window.counts(1_100)).toEqual({ successes: 0, failures: 0 });
  });

  it('counts as a list of everything recorded would, however the time passes', () => {
    const step = fc.record({ passed: fc.oneof(fc.nat(150), fc.nat(2_500)), success: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const window = new RollingWindow(STEP_MS * STEPS);
        const recorded: Array<{ step: number; success: boolean }> = [];
        let now = 0;
        for (const { passed, success } of steps) {
          now += passed;
          const current = Math.floor(now / STEP_MS);
          window.record(success, now);
          recorded.push({ step: current, success });
          const live = recorded.filter((one) => one.step > current - STEPS);
          const successes = live.filter((one) => one.success).length;
          expect(window.counts(now)).toEqual({ successes, failures: live.length - successes });
        }
      }),
    );
  });

  it('takes what a clock that went back brings for something that happened now', () => {
    const window = new RollingWindow(STEP_MS * STEPS);
    window.record(true, 5_000);
    window.record(false, 3_000);
    expect(window.counts(3_000)).toEqual({ successes: 1, failures: 1 });
    expect(window.counts(5_950)).toEqual({ successes: 1, failures: 1 });
    expect(window.counts(6_000)).toEqual({ successes: 0, failures: 0 });
  });
});
