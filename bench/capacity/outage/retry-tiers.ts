import { dueAt, type RetrySchedule, type Tier } from '#libs/domain';

import { Deliveries } from './deliveries.ts';

const SECOND_MS = 1_000;

/** One retry topic: what is not due yet, by the second in which it will be. */
class Waiting {
  private readonly bySecond = new Map<number, Deliveries>();
  private readonly attempts: number;
  /** The seconds in which what is written now comes due: the jitter spreads it. */
  private readonly delays: readonly number[];
  depth = 0;

  constructor(tier: Tier, attempts: number) {
    this.attempts = attempts;
    const first = Math.ceil(dueAt(0, tier, 0) / SECOND_MS);
    const last = Math.ceil(dueAt(0, tier, 0.999_999) / SECOND_MS);
    this.delays = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  }

  put(second: number, attempts: number, holds: number, count: number): void {
    const share = count / this.delays.length;
    for (const delay of this.delays) {
      const at = second + Math.max(1, delay);
      const there = this.bySecond.get(at) ?? new Deliveries(this.attempts);
      this.bySecond.set(at, there);
      there.add(attempts, holds, share);
    }
    this.depth += count;
  }

  /** What comes due in a second; it is gone from here. */
  due(second: number): Deliveries | undefined {
    const found = this.bySecond.get(second);
    if (!found) return undefined;
    this.bySecond.delete(second);
    // Sums of fractions differ in their last digits; an empty tier is exactly empty.
    this.depth = this.bySecond.size === 0 ? 0 : this.depth - found.total();
    return found;
  }
}

/** The retry topics of a schedule, second by second. */
export class RetryTiers {
  private readonly schedule: RetrySchedule;
  private readonly waiting: ReadonlyMap<string, Waiting>;

  constructor(schedule: RetrySchedule) {
    this.schedule = schedule;
    const attempts = schedule.tiers.length + 1;
    this.waiting = new Map(schedule.tiers.map((tier) => [tier.name, new Waiting(tier, attempts)]));
  }

  /** Room for deliveries of this schedule. */
  empty(): Deliveries {
    return new Deliveries(this.schedule.tiers.length + 1);
  }

  /** Deliveries whose attempt failed. @returns how many of them were given up */
  failed(second: number, attempts: number, holds: number, count: number): number {
    const decision = this.schedule.afterFailure({ attempts, firstFailureAt: 0 }, 0);
    return this.put(second, decision, { attempts, holds, count });
  }

  /** Deliveries that were held without an attempt, for the `holds`th time. */
  held(second: number, attempts: number, holds: number, count: number): void {
    this.put(second, this.schedule.afterHold({ holds, firstFailureAt: 0 }, 0), { attempts, holds, count });
  }

  /** Adds what comes due in a second, of all tiers, to what is due already. */
  due(second: number, into: Deliveries): void {
    for (const tier of this.waiting.values()) {
      const due = tier.due(second);
      if (due) into.addAll(due);
    }
  }

  /** How many wait in each tier, the shortest first. */
  depths(): number[] {
    return [...this.waiting.values()].map(({ depth }) => depth);
  }

  private put(
    second: number,
    decision: ReturnType<RetrySchedule['afterFailure']>,
    what: { readonly attempts: number; readonly holds: number; readonly count: number },
  ): number {
    if (decision.kind === 'dead_letter') return what.count;
    this.waiting.get(decision.tier.name)?.put(second, what.attempts, what.holds, what.count);
    return 0;
  }
}
