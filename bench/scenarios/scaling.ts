import type { Workload } from '../data/workload.ts';
import { awaitRun, beginRun, figuresOf, type RunFigures, type RunPlan } from '../measure/run.ts';
import { type SideFigures, sideFigures } from '../measure/side-figures.ts';
import { ratioOf, type Spread, spreadOf } from '../measure/statistics.ts';
import { startProduct } from '../sides/product.ts';
import type { Site } from '../stack/site.ts';
import { type Context, RUN_LIMIT_MS, WARM_UP } from './context.ts';
import { described } from './side-by-side.ts';

/** One worker against two of the same group, over the same backlog. */
export interface Scaling {
  readonly events: number;
  readonly one: SideFigures;
  readonly two: SideFigures;
  /** CPU per delivery of each of the two workers, counting the deliveries of both, in microseconds. */
  readonly cpuUsOfEach: readonly Spread[];
  /** Deliveries a second of two by those of one, round by round. */
  readonly gain: Spread;
}

const MOST_ROUNDS = 2;

/** The backlog is written once every worker has its partitions, so that no rebalance falls into the run. */
export async function scaling(context: Context, workload: Workload): Promise<Scaling> {
  const { lab, reporter, events } = context;
  const rounds = Math.min(MOST_ROUNDS, context.rounds);
  const site = await lab.site('scaling');
  const values = await lab.values(workload);
  const runs: Record<1 | 2, RunFigures[]> = { 1: [], 2: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const workers of [1, 2] as const) {
      reporter.step(`scaling: ${workers === 1 ? 'one worker' : 'two workers'}, round ${round} of ${rounds}`);
      const plan = { workload, events, series: lab.nextSeries(), warmUp: WARM_UP, limitMs: RUN_LIMIT_MS };
      runs[workers].push(
        await run(context, site, plan, workers, () => site.writer.write(values.series(plan.series), events)),
      );
      reporter.line(described(runs[workers]));
    }
  }
  await site.close();
  const rates = (figures: readonly RunFigures[]): number[] => figures.map((round) => round.deliveriesPerSecond);
  return {
    events,
    one: sideFigures(runs[1]),
    two: sideFigures(runs[2]),
    cpuUsOfEach: [0, 1].map((worker) =>
      spreadOf(runs[2].map(({ cpuUsPerDelivery }) => cpuUsPerDelivery[worker] ?? Number.NaN)),
    ),
    gain: ratioOf(rates(runs[2]), rates(runs[1])),
  };
}

async function run(
  { lab, guarantees }: Context,
  site: Site,
  plan: RunPlan,
  workers: number,
  write: () => Promise<void>,
): Promise<RunFigures> {
  await site.clear();
  await beginRun(lab.receiver, plan);
  const side = await startProduct(site.env, workers);
  try {
    await side.ready();
    await Promise.all([write(), awaitRun(lab.receiver, plan, side)]);
  } finally {
    await side.stop();
  }
  const figures = figuresOf(plan, await lab.receiver.collect(), side);
  await guarantees.enter(figures, site);
  return figures;
}
