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
const PACED_GRACE_MS = 8_000;

/** What one worker did in one company. */
export interface CompanyRun {
  /** Over a backlog that a worker which knows nobody finds. */
  readonly first: RunFigures;
  /** Over the next one. */
  readonly drained: RunFigures;
  readonly paced: PacedFigures;
}

/**
 * Runs one worker after the other. Each is new: it compiles its code for seconds, and has everything to learn about the endpoints that
 * hang, which both is over with the first backlog. While one is ended, the next is started, on the other one of two
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

  /**
   * Delivers two backlogs, then events at a fixed rate.
   * @param run.backlog events of each
   * @param run.perSecond the rate, from the rate at which the second backlog was delivered
   */
  async run(
    workload: Workload,
    run: {
      readonly backlog: number;
      readonly perSecond: (drained: RunFigures) => number;
    },
  ): Promise<CompanyRun> {
    const site = await this.nextSite();
    const side = await startProduct(site.env);
    try {
      await Promise.all([side.ready(), this.ending]);
      const first = await this.drain(workload, run.backlog, site, side);
      const drained = await this.drain(workload, run.backlog, site, side);
      const paced = await this.paced(workload, run.perSecond(drained), site, side);
      await this.context.guarantees.enter(paced, site);
      return { first, drained, paced };
    } finally {
      await this.ending;
      this.ending = side.stop();
    }
  }

  async close(): Promise<void> {
    await this.ending;
    for (const site of this.sites) await site.close();
  }

  /** From the first delivery to the last one that is owed. The worker stands still until the whole backlog is there. */
  private async drain(workload: Workload, events: number, site: Site, side: Side): Promise<RunFigures> {
    const { lab } = this.context;
    const plan: RunPlan = { workload, events, series: lab.nextSeries(), warmUp: 0, limitMs: DRAIN_LIMIT_MS };
    const values = await this.valuesOf(workload);
    await beginRun(lab.receiver, plan);
    side.signal('SIGSTOP');
    try {
      await site.writer.write(values.series(plan.series), events);
    } finally {
      side.signal('SIGCONT');
    }
    await awaitRun(lab.receiver, plan, side);
    return figuresOf(plan, await lab.receiver.collect(), side);
  }

  private async paced(workload: Workload, eventsPerSecond: number, site: Site, side: Side): Promise<PacedFigures> {
    const { lab } = this.context;
    const plan: RunPlan = {
      workload,
      events: Math.round(eventsPerSecond * PACED_SECONDS),
      series: lab.nextSeries(),
      warmUp: 0,
      limitMs: PACED_SECONDS * 1_000 + PACED_GRACE_MS,
    };
    const values = await this.valuesOf(workload);
    await beginRun(lab.receiver, plan);
    return paced(lab.receiver, { plan, values, writer: site.writer, eventsPerSecond, healthyWarmUp: false }, side);
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
}
