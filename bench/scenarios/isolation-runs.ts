import type { EventValues } from '../data/event-values.ts';
import type { Workload } from '../data/workload.ts';
import { paced, type PacedFigures } from '../measure/paced.ts';
import { awaitRun, beginRun, figuresOf, type RunFigures, type RunPlan } from '../measure/run.ts';
import { startProduct } from '../sides/product.ts';
import type { Side } from '../sides/side.ts';
import type { Site } from '../stack/site.ts';
import type { Context } from './context.ts';

const DRAIN_LIMIT_MS = 15_000;
const PACED_SECONDS = 3;
const PACED_WARM_UP = 1 / PACED_SECONDS;
const PACED_GRACE_MS = 8_000;

/**
 * Runs one worker after the other, each with everything to learn. While one is ended, the next is started, on the other one of two
 * sets of topics: what a worker that is ending still sends belongs to another series, and is not counted.
 */
export class IsolationRuns {
  private readonly context: Context;
  private readonly sites: readonly [Site, Site];
  private readonly values = new Map<Workload, EventValues>();
  private ending: Promise<void> = Promise.resolve();
  private turn: 0 | 1 = 0;

  private constructor(context: Context, sites: readonly [Site, Site]) {
    this.context = context;
    this.sites = sites;
  }

  static async open(context: Context): Promise<IsolationRuns> {
    const { lab } = context;
    return new IsolationRuns(context, [await lab.site('isolation-a'), await lab.site('isolation-b')]);
  }

  /** Delivers a backlog; measured is the time from the first delivery to the last one that is owed. */
  async drain(workload: Workload, events: number): Promise<RunFigures> {
    const { lab } = this.context;
    const plan: RunPlan = { workload, events, series: lab.nextSeries(), warmUp: 0, limitMs: DRAIN_LIMIT_MS };
    const values = await this.valuesOf(workload);
    const site = await this.nextSite();
    await beginRun(lab.receiver, plan);
    const [side] = await Promise.all([startProduct(site.env), site.writer.write(values.series(plan.series), events)]);
    return this.ended(side, site, async () => {
      await awaitRun(lab.receiver, plan, side);
      return figuresOf(plan, await lab.receiver.collect(), side);
    });
  }

  /** Delivers at a fixed rate. The first second is without the endpoints that hang; it is not measured. */
  async paced(workload: Workload, eventsPerSecond: number): Promise<PacedFigures> {
    const { lab } = this.context;
    const plan: RunPlan = {
      workload,
      events: Math.round(eventsPerSecond * PACED_SECONDS),
      series: lab.nextSeries(),
      warmUp: PACED_WARM_UP,
      limitMs: PACED_SECONDS * 1_000 + PACED_GRACE_MS,
    };
    const values = await this.valuesOf(workload);
    const site = await this.nextSite();
    await beginRun(lab.receiver, plan);
    const side = await startProduct(site.env);
    return this.ended(side, site, async () => {
      await Promise.all([side.ready(), this.ending]);
      return paced(lab.receiver, { plan, values, writer: site.writer, eventsPerSecond, healthyWarmUp: true }, side);
    });
  }

  async close(): Promise<void> {
    await this.ending;
    for (const site of this.sites) await site.close();
  }

  private async nextSite(): Promise<Site> {
    this.turn = this.turn === 0 ? 1 : 0;
    const site = this.sites[this.turn];
    await site.clear();
    return site;
  }

  private async valuesOf(workload: Workload): Promise<EventValues> {
    const known = this.values.get(workload);
    if (known !== undefined) return known;
    const values = await this.context.lab.values(workload);
    this.values.set(workload, values);
    return values;
  }

  /** Runs, then begins to end the side without waiting for it. */
  private async ended<F extends RunFigures>(side: Side, site: Site, run: () => Promise<F>): Promise<F> {
    try {
      const figures = await run();
      await this.context.guarantees.enter(figures, site);
      return figures;
    } finally {
      await this.ending;
      this.ending = side.stop();
    }
  }
}
