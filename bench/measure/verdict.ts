import { answers, expectedDeliveries, type Workload } from '../data/workload.ts';
import type { Deliveries } from '../receiver/delivery-log.ts';

/** What became of the deliveries of a run. */
export interface Verdict {
  readonly expected: number;
  readonly delivered: number;
  /** Expected at an endpoint that answers, but not received there. */
  readonly missing: number;
  /** Received more than once, each further time. */
  readonly duplicates: number;
  /** First receipts at an endpoint after a later event of the same resource. */
  readonly orderViolations: number;
  /** Received where they do not belong. */
  readonly astray: number;
}

/**
 * Compares what the receiver took with what the events 0 to `events - 1` of a workload had to bring. Endpoints that never answer
 * owe nothing: their events are not counted, whether received or not.
 */
export function verdictOf(workload: Workload, events: number, { endpoints, events: numbers }: Deliveries): Verdict {
  const { routes } = workload;
  const width = Math.max(...routes.map(({ targets }) => targets.length));
  const seen = new Uint8Array(events * width);
  const newest = new Int32Array(routes.length * width).fill(-1);
  const slots = routes.map(({ targets }) => new Map(targets.map(({ endpoint }, slot) => [endpoint, slot])));
  const owes = routes.map(({ targets }) => targets.map(answers));
  let delivered = 0;
  let duplicates = 0;
  let orderViolations = 0;
  let astray = 0;
  for (const [at, number] of numbers.entries()) {
    const route = number % routes.length;
    const slot = slots[route]?.get(endpoints[at] ?? -1);
    if (slot === undefined || number >= events) {
      astray += 1;
      continue;
    }
    if (owes[route]?.[slot] !== true) continue;
    const place = number * width + slot;
    if (seen[place] === 1) {
      duplicates += 1;
      continue;
    }
    seen[place] = 1;
    delivered += 1;
    const lane = route * width + slot;
    if (number < (newest[lane] ?? -1)) orderViolations += 1;
    else newest[lane] = number;
  }
  const expected = expectedDeliveries(workload, events);
  return { expected, delivered, missing: expected - delivered, duplicates, orderViolations, astray };
}
