import type { Workload } from '../data/workload.ts';
import type { Context } from './context.ts';
import { type Latency, pacedLatency } from './latency.ts';
import { Backlog, type SideBySide, sideBySide } from './side-by-side.ts';

/** One webhook an event, 10,000 in the store. */
export interface Throughput extends SideBySide {
  readonly latency: { readonly ratePerSecond: number; readonly bare: Latency; readonly product: Latency };
}

/** A new worker compiles its code for about seven seconds, and is then a quarter faster: with fewer events that would be what is measured. */
const EVENTS_FACTOR = 1.5;
/** Of what the product reaches at most, the part at which latency is measured. */
const PACE = 0.5;

/** Measures deliveries a second, CPU per delivery and latency of both sides. */
export async function throughput(context: Context, workload: Workload): Promise<Throughput> {
  const events = Math.round(context.events * EVENTS_FACTOR);
  const backlog = await Backlog.write(context, 'throughput', workload, events);
  const both = await sideBySide(context, 'throughput', backlog, {
    workload,
    events,
    rounds: context.rounds,
    connections: 'both',
  });
  await backlog.site.close();
  const ratePerSecond = Math.max(1, Math.round(PACE * both.product.deliveriesPerSecond.median));
  return { ...both, latency: { ratePerSecond, ...(await pacedLatency(context, workload, ratePerSecond)) } };
}
