import { describe, expect, it } from '@jest/globals';

import { psTimeMs, usageOf } from './process-usage.ts';

const WORK_US = 100_000;

describe('the usage of a process', () => {
  it('grows with what the process does', () => {
    const before = usageOf(process.pid);
    const start = process.cpuUsage();
    while (process.cpuUsage(start).user < WORK_US);
    const after = usageOf(process.pid);
    expect(after.cpuMs - before.cpuMs).toBeGreaterThanOrEqual(50);
    expect(after.rssBytes).toBeGreaterThan(10_000_000);
  });

  it('is nothing when there is no such process', () => {
    expect(usageOf(2 ** 22 + 1)).toEqual({ cpuMs: 0, rssBytes: 0 });
  });

  it.each([
    ['0:01.23', 1_230],
    ['01:02:03', 3_723_000],
    ['2-00:00:10', 172_810_000],
  ])('reads what ps says: %s', (time, ms) => {
    expect(psTimeMs(time)).toBeCloseTo(ms, 3);
  });
});
