import type { Workload } from '../data/workload.ts';
import { drain, type RunFigures, type RunPlan } from '../measure/run.ts';
import { ratioOf, type Spread } from '../measure/statistics.ts';
import { type SideFigures, sideFigures } from '../measure/side-figures.ts';
import { startBare } from '../sides/bare.ts';
import type { BareClient } from '../sides/bare/message.ts';
import { startProduct } from '../sides/product.ts';
import type { Site } from '../stack/site.ts';
import { type Context, RUN_LIMIT_MS, WARM_UP } from './context.ts';

/** Both sides over the same events. */
export interface SideBySide {
  readonly events: number;
  readonly deliveriesPerEvent: number;
  readonly eventBytes: number;
  readonly bare: SideFigures;
  readonly product: SideFigures;
  /** Deliveries a second of the product by those of the bare loop, round by round. */
  readonly ratio: Spread;
  /** Records that the product had delivered, but not committed when it had ended; over all rounds. */
  readonly uncommitted: number;
}

/** Events of a workload in the log, for both sides to read again and again. */
export class Backlog {
  readonly site: Site;
  readonly eventBytes: number;
  private readonly context: Context;
  private readonly plan: RunPlan;

  private constructor(context: Context, site: Site, plan: RunPlan, eventBytes: number) {
    this.context = context;
    this.site = site;
    this.plan = plan;
    this.eventBytes = eventBytes;
  }

  static async write(context: Context, name: string, workload: Workload, events: number): Promise<Backlog> {
    const { lab, reporter } = context;
    reporter.step(`${name}: writing ${events.toLocaleString('en')} events`);
    const site = await lab.site(name);
    const values = await lab.values(workload);
    const series = lab.nextSeries();
    await site.writer.write(values.series(series), events);
    const plan = { workload, events, series, warmUp: WARM_UP, limitMs: RUN_LIMIT_MS };
    return new Backlog(context, site, plan, values.meanBytes);
  }

  /** One round of the bare loop. */
  bare(client: BareClient): Promise<RunFigures> {
    const { lab } = this.context;
    return drain(lab.receiver, this.plan, () =>
      startBare(this.plan.workload, {
        brokers: lab.brokers,
        topic: this.site.plan.events.name,
        groupId: lab.nextGroup(),
        origin: lab.receiver.origin,
        client,
      }),
    );
  }

  /** One round of the product, from the beginning of the log. */
  async product(): Promise<RunFigures & { uncommitted: number }> {
    await this.site.rewind();
    const figures = await drain(this.context.lab.receiver, this.plan, () => startProduct(this.site.env));
    await this.context.guarantees.enter(figures, this.site);
    return { ...figures, uncommitted: await this.site.uncommitted() };
  }
}

/** Runs both sides in turns over a backlog. */
export async function sideBySide(
  context: Context,
  name: string,
  backlog: Backlog,
  given: { workload: Workload; events: number; client: BareClient; rounds: number },
): Promise<SideBySide> {
  const { reporter } = context;
  const bare: RunFigures[] = [];
  const product: Array<RunFigures & { uncommitted: number }> = [];
  for (let round = 1; round <= given.rounds; round++) {
    reporter.step(`${name}: bare loop, round ${round} of ${given.rounds}`);
    bare.push(await backlog.bare(given.client));
    reporter.line(described(bare));
    reporter.step(`${name}: delivery worker, round ${round} of ${given.rounds}`);
    product.push(await backlog.product());
    reporter.line(described(product));
  }
  const rates = (rounds: readonly RunFigures[]): number[] => rounds.map((figures) => figures.deliveriesPerSecond);
  return {
    events: given.events,
    deliveriesPerEvent: given.workload.routes[0]?.targets.length ?? 0,
    eventBytes: backlog.eventBytes,
    bare: sideFigures(bare),
    product: sideFigures(product),
    ratio: ratioOf(rates(product), rates(bare)),
    uncommitted: product.reduce((sum, { uncommitted }) => sum + uncommitted, 0),
  };
}

/** The last round in one line. */
export function described(rounds: readonly RunFigures[]): string {
  const last = rounds.at(-1);
  if (last === undefined) return '';
  const rate = Math.round(last.deliveriesPerSecond).toLocaleString('en');
  const cpu = last.cpuUsPerDelivery.map((us) => us.toFixed(0)).join(' + ');
  const { missing, duplicates, orderViolations } = last.verdict;
  const unfinished = last.finished
    ? ''
    : `; not finished, ${missing.toLocaleString('en')} to go. ${last.said.join(' | ')}`;
  return `  ${rate} deliveries/s, ${cpu} us CPU each, ${duplicates} twice, ${orderViolations} out of order${unfinished}`;
}
