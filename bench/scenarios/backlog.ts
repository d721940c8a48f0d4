import type { Workload } from '../data/workload.ts';
import { awaitRun, beginRun, figuresOf } from '../measure/run.ts';
import { startProduct } from '../sides/product.ts';
import type { Context } from './context.ts';

/** Memory with a large backlog and slow endpoints. */
export interface BacklogFigures {
  readonly events: number;
  readonly eventBytes: number;
  readonly endpoints: number;
  readonly endpointMs: number;
  readonly seconds: number;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  readonly peakRssMb: number;
}

/** How long an endpoint takes, in milliseconds. */
export const BACKLOG_MS = 500;
const EVENTS_FACTOR = 1_000_000 / 120_000;
const SECONDS = 30;
const MB = 1024 * 1024;

/** Lets a worker run for half a minute over a backlog that it cannot work off, and looks at its memory. */
export async function backlog(context: Context, workload: Workload): Promise<BacklogFigures> {
  const { lab, reporter, guarantees } = context;
  const events = Math.round(context.events * EVENTS_FACTOR);
  reporter.step(`backlog: writing ${events.toLocaleString('en')} events`);
  const site = await lab.site('backlog');
  const values = await lab.values(workload);
  const plan = { workload, events, series: lab.nextSeries(), warmUp: 0, limitMs: SECONDS * 1_000 };
  await site.writer.write(values.series(plan.series), events);
  reporter.step(`backlog: the delivery worker runs for ${SECONDS} s`);
  await beginRun(lab.receiver, plan);
  const side = await startProduct(site.env);
  try {
    await awaitRun(lab.receiver, plan, side);
  } finally {
    await side.stop();
  }
  const figures = figuresOf(plan, await lab.receiver.collect(), side);
  await guarantees.enter(figures, site);
  await site.close();
  const result = {
    events,
    eventBytes: values.meanBytes,
    endpoints: workload.webhooks.length,
    endpointMs: BACKLOG_MS,
    seconds: SECONDS,
    deliveries: figures.verdict.delivered,
    deliveriesPerSecond: figures.deliveriesPerSecond,
    peakRssMb: figures.peakRssBytes / MB,
  };
  reporter.line(
    `  ${Math.round(result.peakRssMb)} MB at most, ${Math.round(result.deliveriesPerSecond).toLocaleString('en')} deliveries/s`,
  );
  return result;
}
