import { ConfigurationError, RetrySchedule } from '#libs/domain';

import type { Deliveries } from './deliveries.ts';
import { RetryTiers } from './retry-tiers.ts';

/** A region of endpoints that answers nothing for some time. */
export interface Outage {
  /** As `RETRY_SCHEDULE`. */
  readonly schedule: string;
  /** Deliveries a second to the region's webhooks. */
  readonly perSecond: number;
  readonly webhooks: number;
  readonly hours: number;
  /** Later attempts that the retry workers can make a second, besides what they do on any day. */
  readonly retriesPerSecond: number;
  /** A delivery that is held costs a worker so much of an attempt. */
  readonly holdCost: number;
}

/** Where the deliveries are, at some moment. */
export interface Moment {
  readonly hour: number;
  /** By tier, the shortest first. */
  readonly waiting: readonly number[];
  /** Due, and no worker has come to them yet. */
  readonly due: number;
  readonly arrived: number;
  readonly delivered: number;
  readonly dead: number;
}

/** What became of it. Times are in seconds from the end of the outage; undefined: not within the hours that are looked at. */
export interface Course {
  readonly moments: readonly Moment[];
  /** The most that lay in all retry topics at once, and in each. */
  readonly deepest: number;
  readonly deepestByTier: readonly number[];
  readonly mostDue: number;
  /** Until 99 of 100 deliveries that the outage kept were made, and all. */
  readonly nearlyRecovered: number | undefined;
  readonly recovered: number | undefined;
  readonly dead: number;
}

const HOUR = 3_600;
/** What comes after it is not affected: no delivery becomes too old in an outage of this length. */
const MOST_HOURS = 48;
/** Until an open breaker tries again, at most, and what it then lets pass. */
const LONGEST_PAUSE = 60;
const PROBES = 3;
/** Failures in a row that open a breaker. */
const TO_OPEN = 10;
const MOMENT_EVERY = 120;
/** How long a recovery is looked at, besides the schedule's longest delays. */
const LOOKED_AT = 24 * HOUR;
const LEFT_OVER = 0.5;

/**
 * Plays an outage second by second. Breakers open after ten failures; from then on a webhook's deliveries are held, but for probes.
 * When the region is back, they close one after the other within a minute. First attempts are never short of workers.
 *
 * @throws ConfigurationError for an outage longer than 48 hours
 */
export function simulate(outage: Outage): Course {
  if (outage.hours > MOST_HOURS) throw new ConfigurationError(`an outage of at most ${MOST_HOURS} h can be simulated`);
  return new Simulation(outage).run();
}

class Simulation {
  private readonly outage: Outage;
  private readonly end: number;
  private readonly tiers: RetryTiers;
  private readonly due: Deliveries;
  private readonly longestTier: number;
  private arrived = 0;
  private delivered = 0;
  private dead = 0;
  private failures = 0;

  constructor(outage: Outage) {
    const schedule = RetrySchedule.parse(outage.schedule);
    this.outage = outage;
    this.end = Math.round(outage.hours * HOUR);
    this.tiers = new RetryTiers(schedule);
    this.due = this.tiers.empty();
    this.longestTier = (schedule.tiers.at(-1)?.delayMs ?? 0) / 1_000;
  }

  run(): Course {
    const moments: Moment[] = [];
    const deepestByTier: number[] = [];
    let [deepest, mostDue, kept] = [0, 0, 0];
    let nearlyRecovered: number | undefined;
    let recovered: number | undefined;
    const last = this.end + 2 * this.longestTier + LOOKED_AT;
    for (let second = 0; second < last && recovered === undefined; second += 1) {
      this.step(second);
      const depths = this.tiers.depths();
      const due = this.due.total();
      const left = depths.reduce((sum, depth) => sum + depth, 0) + due;
      deepest = Math.max(deepest, left);
      mostDue = Math.max(mostDue, due);
      for (const [at, depth] of depths.entries()) deepestByTier[at] = Math.max(deepestByTier[at] ?? 0, depth);
      if (second === this.end - 1) kept = left;
      if (second >= this.end) {
        if (left <= Math.max(kept / 100, LEFT_OVER)) nearlyRecovered ??= second - this.end;
        if (left <= LEFT_OVER) recovered = second - this.end;
      }
      if (second % MOMENT_EVERY === 0 || recovered !== undefined) moments.push(this.moment(second, depths, due));
    }
    return { moments, deepest, deepestByTier, mostDue, nearlyRecovered, recovered, dead: this.dead };
  }

  private step(second: number): void {
    const { perSecond, retriesPerSecond, holdCost } = this.outage;
    this.tiers.due(second, this.due);
    const due = this.due.total();
    const passing = this.passing(second, perSecond + due);
    const costOfOne = passing + (1 - passing) * holdCost;
    const served = due === 0 ? 0 : Math.min(1, retriesPerSecond / (due * costOfOne));
    this.due.take(served, (attempts, holds, count) => this.outcome(second, passing, { attempts, holds, count }));
    this.arrived += perSecond;
    this.outcome(second, passing, { attempts: 0, holds: 0, count: perSecond });
  }

  /** The share of deliveries that get an attempt. */
  private passing(second: number, wanted: number): number {
    const { webhooks } = this.outage;
    if (second >= this.end) return this.opened() ? Math.min(1, (second - this.end + 1) / LONGEST_PAUSE) : 1;
    if (!this.opened() || wanted === 0) return 1;
    return Math.min(1, (webhooks * PROBES) / LONGEST_PAUSE / wanted);
  }

  private opened(): boolean {
    return this.failures >= this.outage.webhooks * TO_OPEN;
  }

  private outcome(
    second: number,
    passing: number,
    what: { readonly attempts: number; readonly holds: number; readonly count: number },
  ): void {
    const attempted = what.count * passing;
    const held = what.count - attempted;
    if (held > 0) this.tiers.held(second, what.attempts, what.holds + 1, held);
    if (second >= this.end) {
      this.delivered += attempted;
      return;
    }
    this.failures += attempted;
    this.dead += this.tiers.failed(second, what.attempts + 1, what.holds, attempted);
  }

  private moment(second: number, waiting: readonly number[], due: number): Moment {
    const { arrived, delivered, dead } = this;
    return { hour: second / HOUR, waiting, due, arrived, delivered, dead };
  }
}
