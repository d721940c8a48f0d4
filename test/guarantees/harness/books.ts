import type { Workload } from '../../../bench/data/workload.ts';
import { type Percentiles, percentilesOf } from '../../../bench/measure/statistics.ts';
import { verdictOf } from '../../../bench/measure/verdict.ts';
import type { Deliveries } from '../../../bench/receiver/delivery-log.ts';
import type { Receipts } from './endpoints/messages.ts';

/** What became of the events of a run, from what the endpoints took down. */
export interface Books {
  readonly produced: number;
  /** Owed to an endpoint and never answered 200. */
  readonly lost: number;
  /** Answered 200 more than once, each further time. */
  readonly duplicates: number;
  /** First attempts of a webhook that arrived after the one of a later event of the same resource. */
  readonly orderViolations: number;
  /** At endpoints where they do not belong. */
  readonly astray: number;
}

/** Balances the books of the events 0 to `produced - 1`. */
export function booksOf(workload: Workload, produced: number, { first, answered }: Receipts): Books {
  const deliveries = verdictOf(workload, produced, answered);
  return {
    produced,
    lost: deliveries.missing,
    duplicates: deliveries.duplicates,
    orderViolations: verdictOf(workload, produced, first).orderViolations,
    astray: deliveries.astray,
  };
}

/** The longest time in which an endpoint got nothing, between its first and its last answer, in milliseconds, over all endpoints. */
export function longestGapMs({ endpoints, times }: Deliveries): number {
  const last = new Map<number, number>();
  let longest = 0;
  for (const [at, endpoint] of endpoints.entries()) {
    const time = times[at] ?? Number.NaN;
    longest = Math.max(longest, time - (last.get(endpoint) ?? time));
    last.set(endpoint, time);
  }
  return Math.round(longest);
}

/** How long events of an endpoint took from the hand-over to the producer to the answer, in milliseconds, if handed over in a time. */
export function waitsOf(given: {
  readonly deliveries: Deliveries;
  readonly endpoint: number;
  /** By the numbers of the events, in milliseconds since the epoch. */
  readonly sentAt: readonly number[];
  readonly from: number;
  readonly until: number;
}): number[] {
  const { deliveries, endpoint, sentAt, from, until } = given;
  const waits: number[] = [];
  for (const [at, number] of deliveries.events.entries()) {
    const sent = sentAt[number] ?? Number.NaN;
    if (deliveries.endpoints[at] === endpoint && sent >= from && sent < until)
      waits.push((deliveries.times[at] ?? Number.NaN) - sent);
  }
  return waits;
}

/** Violations of order at some of the endpoints. */
export function orderViolationsAt(
  endpoints: readonly number[],
  { workload, produced, receipts: { first } }: { workload: Workload; produced: number; receipts: Receipts },
): number {
  const at = [...first.endpoints.keys()].filter((index) => endpoints.includes(first.endpoints[index] ?? -1));
  const chosen = {
    endpoints: Int32Array.from(at, (index) => first.endpoints[index] ?? -1),
    events: Int32Array.from(at, (index) => first.events[index] ?? -1),
    times: Float64Array.from(at, (index) => first.times[index] ?? Number.NaN),
  };
  return verdictOf(workload, produced, chosen).orderViolations;
}

/** The percentiles of {@link waitsOf}, over some endpoints. */
export function latencyOf(given: {
  readonly deliveries: Deliveries;
  readonly endpoints: readonly number[];
  readonly sentAt: readonly number[];
  readonly from: number;
  readonly until: number;
}): Percentiles {
  return percentilesOf(given.endpoints.flatMap((endpoint) => waitsOf({ ...given, endpoint })));
}
