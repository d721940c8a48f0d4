import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { LATENCY_ACCURACY, latencyBucket, mergeLatencies, percentile } from './latency-histogram.ts';

const histogramOf = (latencies: readonly number[]): Map<number, number> => {
  const histogram = new Map<number, number>();
  for (const latency of latencies) {
    const bucket = latencyBucket(latency);
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
  }
  return histogram;
};

const exact = (latencies: readonly number[], share: number): number =>
  latencies.toSorted((a, b) => a - b)[Math.ceil(share * latencies.length) - 1]!;

const latency = fc.oneof(
  fc.double({ min: 0.1, max: 60_000, noNaN: true }),
  fc.integer({ min: 1, max: 60_000 }),
  fc.constantFrom(0.1, 5_000, 60_000),
);

describe('percentiles of a latency histogram', () => {
  it('are within 2 % of the exact ones, whatever the latencies', () => {
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.95, 0.99, 1),
        (all, share) => {
          const estimate = percentile(histogramOf(all), share)!;
          const truth = exact(all, share);
          expect(Math.abs(estimate - truth) / truth).toBeLessThanOrEqual(LATENCY_ACCURACY + 1e-9);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('are the same read from the merged histograms of parts as from one of the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.array(latency, { maxLength: 30 }), { maxLength: 10 }), (parts) => {
        const merged = mergeLatencies(parts.map(histogramOf));
        expect([...merged].toSorted(([a], [b]) => a - b)).toEqual(
          [...histogramOf(parts.flat())].toSorted(([a], [b]) => a - b),
        );
      }),
    );
  });

  it('are undefined without latencies', () => {
    expect(percentile(new Map(), 0.5)).toBeUndefined();
    expect(percentile(new Map([[3, 0]]), 0.5)).toBeUndefined();
  });

  it('take what was not measurable for the smallest latency', () => {
    expect([0, -1, Number.NaN, 0.05].map(latencyBucket)).toEqual([0, 0, 0, 0]);
    expect(percentile(histogramOf([0, 0, 0]), 0.99)).toBe(0.1);
  });

  it('need few buckets', () => {
    expect(latencyBucket(60_000)).toBe(333);
  });
});
