import type { Workload } from '../data/workload.ts';
import { paced } from '../measure/paced.ts';
import { beginRun, type RunPlan } from '../measure/run.ts';
import type { Percentiles } from '../measure/statistics.ts';
import { startBare, USUAL_CONNECTIONS } from '../sides/bare.ts';
import { startProduct } from '../sides/product.ts';
import type { Side } from '../sides/side.ts';
import type { Context } from './context.ts';

/** From the producer's hand-over to the complete request at the endpoint, in milliseconds. */
export interface Latency extends Percentiles {
  readonly deliveries: number;
}

/** Seconds for 10,000 events of a backlog, and what is the least and the most. */
const SECONDS = { per10000: 3, least: 1.5, most: 18 };
/**
 * A worker that is new has a hundred customers' webhooks to load and its code to compile, and then to catch up with what came meanwhile: on two
 * slow cores that takes ten seconds.
 */
const WARM_UP = 2 / 3;
const GRACE_MS = 10_000;

/** Latency of both sides at the same rate, one after the other. */
export async function pacedLatency(
  context: Context,
  workload: Workload,
  eventsPerSecond: number,
): Promise<{ bare: Latency; product: Latency }> {
  const { lab, reporter, guarantees } = context;
  const site = await lab.site('latency');
  const values = await lab.values(workload);
  const topic = site.plan.events.name;
  const seconds = Math.min(SECONDS.most, Math.max(SECONDS.least, (context.events / 10_000) * SECONDS.per10000));
  const measure = async (title: string, start: () => Promise<Side> | Side) => {
    reporter.step(`latency: ${title} at ${eventsPerSecond.toLocaleString('en')} events/s`);
    await site.clear();
    const plan: RunPlan = {
      workload,
      events: Math.round(eventsPerSecond * seconds),
      series: lab.nextSeries(),
      warmUp: WARM_UP,
      limitMs: seconds * 1_000 + GRACE_MS,
    };
    await beginRun(lab.receiver, plan);
    const side = await start();
    try {
      await side.ready();
      const figures = await paced(lab.receiver, { plan, values, writer: site.writer, eventsPerSecond }, side);
      const { p50, p95, p99 } = figures.latencyMs;
      reporter.line(`  p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
      return figures;
    } finally {
      await side.stop();
    }
  };
  const bare = await measure('bare loop', () =>
    startBare(workload, {
      brokers: lab.brokers,
      topic,
      groupId: lab.nextGroup(),
      origin: lab.receiver.origin,
      connections: USUAL_CONNECTIONS,
    }),
  );
  const product = await measure('delivery worker', () => startProduct(site.env));
  await guarantees.enter(product, site);
  await site.close();
  return {
    bare: { ...bare.latencyMs, deliveries: bare.verdict.delivered },
    product: { ...product.latencyMs, deliveries: product.verdict.delivered },
  };
}
