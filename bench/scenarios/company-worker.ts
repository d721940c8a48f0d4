import { setTimeout as delay } from 'node:timers/promises';

import type { EventValues } from '../data/event-values.ts';
import type { Workload } from '../data/workload.ts';
import { paced, type PacedFigures } from '../measure/paced.ts';
import { usageOf } from '../measure/process-usage.ts';
import { awaitRun, beginRun, figuresOf, type RunFigures, type RunPlan } from '../measure/run.ts';
import { startProduct } from '../sides/product.ts';
import type { Side } from '../sides/side.ts';
import type { Site } from '../stack/site.ts';
import type { Context } from './context.ts';

const DRAIN_LIMIT_MS = 15_000;
const PACED_SECONDS = 3;
const PACED_GRACE_MS = 8_000;
/** A worker that uses no more than a tenth of a core for so long has done what it had to do. */
const QUIET_MS = 200;
const QUIET_CPU_MS = 20;
const QUIET_LIMIT_MS = 3_000;

/** A worker with topics of its own, that serves one company of endpoints for as long as it is measured. */
export class CompanyWorker {
  private readonly context: Context;
  private readonly workload: Workload;
  private readonly values: EventValues;
  private readonly site: Site;
  private readonly side: Side;
  /** Records in the retry topics and among the dead letters after the last run. */
  private movedAside = 0;

  private constructor(given: { context: Context; workload: Workload; values: EventValues; site: Site; side: Side }) {
    this.context = given.context;
    this.workload = given.workload;
    this.values = given.values;
    this.site = given.site;
    this.side = given.side;
  }

  /** Resolves when the worker has its partitions. */
  static async start(context: Context, name: string, workload: Workload): Promise<CompanyWorker> {
    const { lab } = context;
    const values = await lab.values(workload);
    const site = await lab.site(name);
    const side = await startProduct(site.env);
    await side.ready();
    return new CompanyWorker({ context, workload, values, site, side });
  }

  /** A backlog, from the first delivery to the last one that is owed. The worker stands still until the whole backlog is there. */
  async drain(events: number): Promise<RunFigures> {
    const { side } = this;
    const { receiver } = this.context.lab;
    const plan = this.plan(events, DRAIN_LIMIT_MS);
    await beginRun(receiver, plan);
    side.signal('SIGSTOP');
    try {
      await this.site.writer.write(this.values.series(plan.series), events);
    } finally {
      side.signal('SIGCONT');
    }
    await awaitRun(receiver, plan, side);
    return this.ended(figuresOf(plan, await receiver.collect(), side));
  }

  /** Events at a fixed rate. */
  async paced(eventsPerSecond: number): Promise<PacedFigures> {
    const { values, side } = this;
    const { writer } = this.site;
    const plan = this.plan(Math.round(eventsPerSecond * PACED_SECONDS), PACED_SECONDS * 1_000 + PACED_GRACE_MS);
    const { receiver } = this.context.lab;
    await beginRun(receiver, plan);
    return this.ended(await paced(receiver, { plan, values, writer, eventsPerSecond }, side));
  }

  /** Ends the worker, and removes its topics. */
  async close(): Promise<void> {
    await this.side.stop();
    await this.site.close();
  }

  /** Most of what is left to be done for endpoints that hang is not to fall into what is measured next; their time limits may. */
  private async ended<Figures extends RunFigures>(figures: Figures): Promise<Figures> {
    const movedBefore = this.movedAside;
    this.movedAside = await this.site.movedAside();
    await this.context.guarantees.enter(figures, {
      uncommitted: () => this.site.uncommitted(),
      movedAside: async () => this.movedAside - movedBefore,
    });
    const cpuMs = (): number => this.side.pids.reduce((sum, pid) => sum + usageOf(pid).cpuMs, 0);
    for (const limit = performance.now() + QUIET_LIMIT_MS; performance.now() < limit;) {
      const before = cpuMs();
      await delay(QUIET_MS);
      if (cpuMs() - before <= QUIET_CPU_MS) break;
    }
    return figures;
  }

  private plan(events: number, limitMs: number): RunPlan {
    return { workload: this.workload, events, series: this.context.lab.nextSeries(), warmUp: 0, limitMs };
  }
}
