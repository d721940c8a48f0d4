import type { AttemptTiming } from './outcome.ts';

/** What an attempt record tells of. Stable. */
export const ATTEMPT_RESULTS = [
  /** A request was made, and answered with success. */
  'delivered',
  /** A request was made and did not succeed, or could not be made at all. */
  'failed',
  /** Not tried: the event went to a retry topic at once. */
  'held',
  /** Not tried: the webhook does not want it any more. */
  'skipped',
] as const;

export type AttemptResultKind = (typeof ATTEMPT_RESULTS)[number];

/** Why an event goes to a retry topic without an attempt. Stable. */
export const HOLD_REASONS = [
  /** The webhook's circuit breaker is open: its endpoint failed again and again. */
  'breaker_open',
  /** All of the webhook's attempts are under way, and none has succeeded for a second. */
  'stuck',
  /** The webhook would take more than its share of the worker while others wait. */
  'backlog',
  /** The webhook is paused; what waited for another attempt goes on waiting. */
  'webhook_paused',
  /** The webhook has had as many requests as it may have in this time; this one has its turn later. */
  'rate_limited',
] as const;

export type HoldReason = (typeof HOLD_REASONS)[number];

/** Why an event was skipped. Stable. */
export const SKIP_REASONS = ['webhook_deleted', 'webhook_disabled', 'webhook_paused'] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

/** What happens to the event next, as far as this webhook goes. */
export const NEXT_STEPS = ['none', 'retry', 'dead_letter'] as const;

export type NextStep = (typeof NEXT_STEPS)[number];

/** One entry of the trail: an attempt to deliver an event to a webhook, or why there was none. */
export interface AttemptRecord {
  /** UUID of version 7. */
  readonly id: string;
  readonly webhookId: string;
  readonly customerId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly resourceType: string;
  /** Where the event lies in `resource-events`. */
  readonly originPartition: number;
  readonly originOffset: number;
  /** Requests made so far, this one included. */
  readonly attempt: number;
  readonly outcome: AttemptResultKind;
  /** One of ATTEMPT_ERRORS, HOLD_REASONS or SKIP_REASONS; a newer writer may know others. Undefined when delivered. */
  readonly reason: string | undefined;
  /** For people. */
  readonly message: string | undefined;
  /** When the attempt began, milliseconds since the epoch. */
  readonly at: number;
  readonly timing: AttemptTiming;
  readonly status: number | undefined;
  /** At most the first 1,024 bytes of the answer's body. */
  readonly excerpt: Buffer | undefined;
  readonly next: NextStep;
  /** The name of the tier in which the event waits, for example `30s`. */
  readonly nextTier: string | undefined;
  /** Not before this, milliseconds since the epoch. */
  readonly nextAt: number | undefined;
  /** Why it became a dead letter. */
  readonly nextReason: string | undefined;
  /** The replay that asked for this attempt. */
  readonly replayId: string | undefined;
}
