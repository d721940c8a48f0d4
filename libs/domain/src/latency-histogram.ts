/** How many latencies fell into which bucket, see {@link latencyBucket}. */
export type LatencyHistogram = ReadonlyMap<number, number>;

/** A percentile read from a histogram is off by at most this share of its value. */
export const LATENCY_ACCURACY = 0.02;

const GROWTH = (1 + LATENCY_ACCURACY) / (1 - LATENCY_ACCURACY);
const SMALLEST_MS = 0.1;

/** The bucket of a latency. Buckets grow by 4 %: a minute lies in bucket 333; what is below 0.1 ms lies in bucket 0. */
export function latencyBucket(milliseconds: number): number {
  if (!(milliseconds > SMALLEST_MS)) return 0;
  return Math.ceil(Math.log(milliseconds / SMALLEST_MS) / Math.log(GROWTH));
}

/**
 * The latency that a share of all latencies do not exceed (nearest rank), in milliseconds; undefined when there are none.
 *
 * @param share for example 0.95
 */
export function percentile(histogram: LatencyHistogram, share: number): number | undefined {
  const rank = Math.ceil(share * sum(histogram.values()));
  let counted = 0;
  for (const [bucket, count] of [...histogram].toSorted(([a], [b]) => a - b)) {
    counted += count;
    if (counted >= rank && count > 0) return latencyIn(bucket);
  }
  return undefined;
}

/** All latencies of several histograms in one. */
export function mergeLatencies(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const merged = new Map<number, number>();
  for (const histogram of histograms) {
    for (const [bucket, count] of histogram) merged.set(bucket, (merged.get(bucket) ?? 0) + count);
  }
  return merged;
}

/** The value that is equally far, as a share, from both ends of a bucket. */
function latencyIn(bucket: number): number {
  return bucket === 0 ? SMALLEST_MS : (2 * SMALLEST_MS * GROWTH ** bucket) / (GROWTH + 1);
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
