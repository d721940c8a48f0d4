import { describe, expect, it } from '@jest/globals';

import { percentilesOf, ratioOf, spreadOf } from './statistics.ts';

describe('a spread', () => {
  it('has the middle value of an odd count, in whatever order', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
  });

  it('has the mean of the middle two of an even count', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  });

  it('of one value is that value, of none is nothing', () => {
    expect(spreadOf([5])).toEqual({ median: 5, min: 5, max: 5 });
    expect(spreadOf([])).toEqual({ median: Number.NaN, min: Number.NaN, max: Number.NaN });
  });

  it('leaves what it was given as it is', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a ratio', () => {
  it('compares round by round, not the medians', () => {
    expect(ratioOf([10, 20, 90], [20, 20, 100])).toEqual({ median: 0.9, min: 0.5, max: 1 });
  });

  it('leaves out rounds without a figure to compare with', () => {
    expect(ratioOf([10, 20, 30], [10, 0])).toEqual({ median: 1, min: 1, max: 1 });
  });
});

describe('percentiles', () => {
  it('are those of the nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, at) => 200 - at);
    expect(percentilesOf(values)).toEqual({ p50: 100, p95: 190, p99: 198 });
  });

  it('of few values are values that occurred', () => {
    expect(percentilesOf([1, 1_000])).toEqual({ p50: 1, p95: 1_000, p99: 1_000 });
    expect(percentilesOf([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it('of nothing are nothing', () => {
    expect(percentilesOf([])).toEqual({ p50: Number.NaN, p95: Number.NaN, p99: Number.NaN });
  });
});
