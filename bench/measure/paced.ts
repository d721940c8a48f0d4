import { answers, type Workload } from '../data/workload.ts';
import type { EventValues } from '../data/event-values.ts';
import type { LogWriter } from '../data/log-writer.ts';
import type { Deliveries } from '../receiver/delivery-log.ts';
import type { Side } from '../sides/side.ts';
import type { ReceiverProcess } from '../receiver/receiver-process.ts';
import { awaitRun, figuresOf, type RunFigures, type RunPlan } from './run.ts';
import { type Percentiles, percentilesOf } from './statistics.ts';

/** The figures of a run at a fixed rate. */
export interface PacedFigures extends RunFigures {
  /** From the hand-over to the producer to the complete request at an endpoint that answers, in milliseconds. */
  readonly latencyMs: Percentiles;
}

/** A run at a fixed rate. The warm-up is a share of the events, not of the deliveries. */
export interface Pace {
  readonly plan: RunPlan;
  readonly values: EventValues;
  readonly writer: LogWriter;
  readonly eventsPerSecond: number;
}

/** Produces events at a fixed rate while a side delivers them. The run must have begun, and the side be ready. */
export async function paced(receiver: ReceiverProcess, pace: Pace, side: Side): Promise<PacedFigures> {
  const { plan } = pace;
  const measuredFrom = Math.ceil(plan.events * plan.warmUp);
  const sending = pace.writer.pace(pace.values.series(plan.series), plan.events, pace.eventsPerSecond);
  const [sentAt] = await Promise.all([sending, awaitRun(receiver, plan, side)]);
  const collected = await receiver.collect();
  const latencyMs = percentilesOf(latencies(collected.deliveries, sentAt, measuredFrom, plan.workload));
  return { ...figuresOf(plan, collected, side), latencyMs };
}

/** Of every receipt of an event from `first` on, at endpoints that answer. */
function latencies(deliveries: Deliveries, sentAt: Float64Array, first: number, { routes }: Workload): number[] {
  const hanging = new Set(
    routes.flatMap(({ targets }) => targets.filter((target) => !answers(target)).map(({ endpoint }) => endpoint)),
  );
  const found: number[] = [];
  for (const [at, number] of deliveries.events.entries()) {
    if (number < first || hanging.has(deliveries.endpoints[at] ?? -1)) continue;
    found.push((deliveries.times[at] ?? Number.NaN) - (sentAt[number] ?? Number.NaN));
  }
  return found;
}
