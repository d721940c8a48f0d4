import type { RunFigures } from './run.ts';

/** What the product must never do, over all of its runs. */
export interface Guarantees {
  /** Deliveries that were neither made nor left to be made: not received, and not in a retry topic, and committed. */
  readonly lost: number;
  readonly duplicates: number;
  readonly orderViolations: number;
  /** Requests at endpoints where they do not belong. */
  readonly astray: number;
}

/** What a site still holds of the events of a run. */
interface Holder {
  /** How many records of the event topic are not committed. */
  uncommitted(): Promise<number>;
  /** How many records lie in the retry topics and among the dead letters. */
  movedAside(): Promise<number>;
}

/** Adds up what the product's runs did to its promises. */
export class GuaranteeBook {
  private lost = 0;
  private duplicates = 0;
  private orderViolations = 0;
  private astray = 0;

  /** Enters a run that has ended. What it did not deliver is lost unless the site still holds it. */
  async enter({ verdict }: Pick<RunFigures, 'verdict'>, site: Holder): Promise<void> {
    this.duplicates += verdict.duplicates;
    this.orderViolations += verdict.orderViolations;
    this.astray += verdict.astray;
    if (verdict.missing === 0) return;
    const kept = (await site.uncommitted()) + (await site.movedAside());
    this.lost += Math.max(0, verdict.missing - kept);
  }

  total(): Guarantees {
    const { lost, duplicates, orderViolations, astray } = this;
    return { lost, duplicates, orderViolations, astray };
  }
}
