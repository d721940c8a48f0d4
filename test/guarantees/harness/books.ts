import { expectedDeliveries, type Workload } from '../../../bench/data/workload.ts';
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

/** Numbers of events. */
interface Span {
  readonly from: number;
  /** The first that is not part of it. */
  readonly to: number;
}

/** Balances the books of the events `from` to `to - 1`, of which alone the receipts tell. */
export function booksOf(workload: Workload, { from, to }: Span, { first, answered }: Receipts): Books {
  const deliveries = verdictOf(workload, to, answered);
  return {
    produced: to - from,
    lost: deliveries.missing - expectedDeliveries(workload, from),
    duplicates: deliveries.duplicates,
    orderViolations: verdictOf(workload, to, first).orderViolations,
    astray: deliveries.astray,
  };
}

/** Without the events before one. */
export function receiptsFrom(event: number, { first, answered }: Receipts): Receipts {
  const later = (all: Deliveries): Deliveries => where(all, (at) => (all.events[at] ?? -1) >= event);
  return { first: later(first), answered: later(answered) };
}

function where({ endpoints, events, times }: Deliveries, fits: (at: number) => boolean): Deliveries {
  const places = Uint32Array.from(endpoints.keys()).filter(fits);
  return {
    endpoints: Int32Array.from(places, (at) => endpoints[at] ?? -1),
    events: Int32Array.from(places, (at) => events[at] ?? -1),
    times: Float64Array.from(places, (at) => times[at] ?? Number.NaN),
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
export function orderViolationsAt(endpoints: readonly number[], workload: Workload, { first }: Receipts): number {
  const chosen = where(first, (at) => endpoints.includes(first.endpoints[at] ?? -1));
  const end = chosen.events.reduce((newest, event) => Math.max(newest, event + 1), 0);
  return verdictOf(workload, end, chosen).orderViolations;
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
