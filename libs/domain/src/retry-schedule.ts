import { ConfigurationError } from './errors.ts';

/** One delay of the schedule. Its name is what the operator wrote, for example `30s`; a topic is named after it. */
export interface Tier {
  readonly name: string;
  readonly delayMs: number;
}

/** What a failed delivery has behind it. */
export interface RetryState {
  /** Requests really made, the one that just failed included. */
  readonly attempts: number;
  /** Milliseconds since the epoch: its first failure or hold, whichever came first. */
  readonly firstFailureAt: number;
  readonly retryAfterMs?: number;
}

/** What a held delivery has behind it. */
export interface HoldState {
  /** How often it was held, this time included. */
  readonly holds: number;
  /** Milliseconds since the epoch: its first failure or hold, whichever came first. */
  readonly firstFailureAt: number;
}

export type RetryDecision =
  { readonly kind: 'retry'; readonly tier: Tier } | { readonly kind: 'dead_letter'; readonly reason: DeadLetterReason };

/** Why a delivery is given up. Stable. */
export const DEAD_LETTER_REASONS = ['schedule_used_up', 'too_old', 'webhook_disabled'] as const;

export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TIER = /^([1-9]\d{0,8})(ms|s|m|h|d)$/;
const HOUR_MS = 3_600_000;

/** A delivery that has failed for longer than this becomes a dead letter, whatever the schedule has left. */
export const MAX_RETRY_AGE_MS = 72 * HOUR_MS;
/** The longest `Retry-After` that is honoured. */
export const MAX_RETRY_AFTER_MS = HOUR_MS;
const MAX_JITTER_MS = 5_000;
/** No event is held for longer than this at a time. */
const MAX_HOLD_MS = 900_000;
/** Nor for longer than this, where it waits for a slot: a limit that was raised counts by then. */
const MAX_SLOT_HOLD_MS = HOUR_MS;

/** Reads one delay such as `30s`; undefined when it is not one. */
export function parseTier(name: string): Tier | undefined {
  const match = TIER.exec(name);
  const unit = UNITS[match?.[2] ?? ''];
  return match && unit ? { name, delayMs: Number(match[1]) * unit } : undefined;
}

/** The delays between attempts: after attempt n, an event waits in tier n. */
export class RetrySchedule {
  readonly tiers: readonly Tier[];
  /** The shortest delay. */
  readonly first: Tier;
  /** What a delivery climbs that is held again and again. */
  private readonly holdTiers: readonly Tier[];

  /** @throws ConfigurationError unless there is at least one tier and the delays grow. */
  constructor(tiers: readonly Tier[]) {
    const [first] = tiers;
    if (!first) throw new ConfigurationError('RETRY_SCHEDULE is empty; give at least one delay, for example 5s,30s,2m');
    tiers.forEach((tier, index) => {
      const previous = tiers[index - 1];
      if (previous && previous.delayMs >= tier.delayMs) {
        throw new ConfigurationError(`RETRY_SCHEDULE must grow: ${tier.name} comes after ${previous.name}`);
      }
    });
    this.tiers = tiers;
    this.first = first;
    this.holdTiers = tiers.filter(({ delayMs }) => delayMs <= MAX_HOLD_MS);
  }

  /** @throws ConfigurationError that names the part which is not a delay. */
  static parse(text: string): RetrySchedule {
    const tiers = text.split(',').map((part) => {
      const tier = parseTier(part.trim());
      if (!tier) {
        throw new ConfigurationError(
          `RETRY_SCHEDULE: "${part.trim()}" is not a delay; write a whole number and one of ms, s, m, h, d, for example 30s`,
        );
      }
      return tier;
    });
    return new RetrySchedule(tiers);
  }

  /**
   * Where a delivery goes after a failed attempt: tier n after attempt n, or a later one when the endpoint asked to wait
   * longer. A `Retry-After` never brings an attempt forward, so that no endpoint can use its schedule up early.
   */
  afterFailure(state: RetryState, now: number): RetryDecision {
    if (state.attempts > this.tiers.length) return { kind: 'dead_letter', reason: 'schedule_used_up' };
    const scheduled = this.tiers[state.attempts - 1] ?? this.first;
    const wait = Math.max(scheduled.delayMs, Math.min(state.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
    const tier = this.tiers.find((candidate) => candidate.delayMs >= wait) ?? this.tiers.at(-1) ?? this.first;
    if (isTooOld(state, now)) return { kind: 'dead_letter', reason: 'too_old' };
    return { kind: 'retry', tier };
  }

  /**
   * Where a delivery goes that is held for the nth time: one tier further each time, so that a million of them cost little, but
   * none beyond 15 minutes, so that it goes out soon after its endpoint has recovered. For an endpoint that does not recover, most
   * deliveries are never attempted: they are given up after 72 hours, too.
   */
  afterHold(state: HoldState, now: number): RetryDecision {
    if (isTooOld(state, now)) return { kind: 'dead_letter', reason: 'too_old' };
    return { kind: 'retry', tier: this.holdTiers[Math.min(state.holds, this.holdTiers.length) - 1] ?? this.first };
  }

  /**
   * Where a delivery goes that waits for its slot: to the longest delay that is over by then, jitter included, so that it comes in time;
   * nearer than the shortest, it comes a little late.
   *
   * @param slotAt milliseconds since the epoch
   */
  untilSlot(slotAt: number, state: Pick<HoldState, 'firstFailureAt'>, now: number): RetryDecision {
    if (isTooOld(state, now)) return { kind: 'dead_letter', reason: 'too_old' };
    const wait = Math.min(slotAt - now, MAX_SLOT_HOLD_MS + MAX_JITTER_MS);
    const tier = this.tiers.findLast((candidate) => candidate.delayMs + mostJitterMs(candidate) <= wait);
    return { kind: 'retry', tier: tier ?? this.first };
  }
}

function isTooOld({ firstFailureAt }: { readonly firstFailureAt: number }, now: number): boolean {
  return now - firstFailureAt >= MAX_RETRY_AGE_MS;
}

/**
 * When a record in a retry topic is due, in milliseconds since the epoch: the broker's append time, the tier's delay and a
 * jitter of at most a tenth of the delay and at most 5 s. Never earlier than append time plus delay.
 *
 * @param spread a number in [0, 1) that stays the same each time the record is looked at.
 */
export function dueAt(appendedAt: number, tier: Tier, spread: number): number {
  return appendedAt + tier.delayMs + Math.floor(mostJitterMs(tier) * spread);
}

function mostJitterMs({ delayMs }: Tier): number {
  return Math.min(delayMs / 10, MAX_JITTER_MS);
}
