import type { Workload } from '../data/workload.ts';
import { drain, type RunFigures, type RunPlan } from '../measure/run.ts';
import { ratioOf, type Spread } from '../measure/statistics.ts';
import { type SideFigures, sideFigures } from '../measure/side-figures.ts';
import { startBare, USUAL_CONNECTIONS } from '../sides/bare.ts';
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
  /** The same against a bare loop that has its usual number of connections, where that was measured, too. */
  readonly usual?: { readonly bare: SideFigures; readonly ratio: Spread };
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
  bare(connections: number): Promise<RunFigures> {
    const { lab } = this.context;
    return drain(lab.receiver, this.plan, () =>
      startBare(this.plan.workload, {
        brokers: lab.brokers,
        topic: this.site.plan.events.name,
        groupId: lab.nextGroup(),
        origin: lab.receiver.origin,
        connections,
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

/**
 * Runs both sides in turns over a backlog: in each round the product, then the bare loop.
 * @param given.connections of the bare loop: as many as the product had open in that round, or the usual number; with `both` it has as
 * many, and in every other round it also runs with the usual number.
 */
export async function sideBySide(
  context: Context,
  name: string,
  backlog: Backlog,
  given: { workload: Workload; events: number; rounds: number; connections: 'as many' | 'usual' | 'both' },
): Promise<SideBySide> {
  const { reporter } = context;
  const product: Array<RunFigures & { uncommitted: number }> = [];
  const bare: RunFigures[] = [];
  const usual: RunFigures[] = [];
  const besideUsual: RunFigures[] = [];
  for (let round = 1; round <= given.rounds; round++) {
    const once = async <T extends RunFigures>(title: string, rounds: T[], run: () => Promise<T>): Promise<T> => {
      reporter.step(`${name}: ${title}, round ${round} of ${given.rounds}`);
      const figures = await run();
      rounds.push(figures);
      reporter.line(described(rounds));
      return figures;
    };
    const bareOnce = (connections: number, rounds: RunFigures[]): Promise<RunFigures> =>
      once(`bare loop over ${connections} connections`, rounds, () => backlog.bare(connections));
    const delivered = await once('delivery worker', product, () => backlog.product());
    const asMany = Math.max(1, delivered.connections);
    await bareOnce(given.connections === 'usual' ? USUAL_CONNECTIONS : asMany, bare);
    if (given.connections !== 'both' || round % 2 === 0) continue;
    await bareOnce(USUAL_CONNECTIONS, usual);
    besideUsual.push(delivered);
  }
  return {
    events: given.events,
    deliveriesPerEvent: given.workload.routes[0]?.targets.length ?? 0,
    eventBytes: backlog.eventBytes,
    bare: sideFigures(bare),
    product: sideFigures(product),
    ratio: ratioOf(rates(product), rates(bare)),
    ...(usual.length > 0
      ? { usual: { bare: sideFigures(usual), ratio: ratioOf(rates(besideUsual), rates(usual)) } }
      : {}),
    uncommitted: product.reduce((sum, { uncommitted }) => sum + uncommitted, 0),
  };
}

function rates(rounds: readonly RunFigures[]): number[] {
  return rounds.map(({ deliveriesPerSecond }) => deliveriesPerSecond);
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
