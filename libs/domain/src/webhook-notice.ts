import type { DisabledReason } from './webhook-verdict.ts';

/** An event about a webhook, for the customer's other ones. The same after a crash, its id included. */
export interface WebhookNotice {
  /** The event's id. */
  readonly id: string;
  readonly type: 'webhook_failing' | 'webhook_disabled';
  /** When it was decided; this and the other times in milliseconds since the epoch. */
  readonly at: number;
  /** Why the webhook was disabled; undefined while it only fails. */
  readonly reason: DisabledReason | undefined;
  readonly failingSince: number;
  /** Attempts that have failed since then, counted up to 100,000. */
  readonly attempts: number;
  readonly lastFailureAt: number;
  /** What the last attempt was answered with; undefined when there was no answer. */
  readonly lastStatus: number | undefined;
  /** One of ATTEMPT_ERRORS; a newer writer may know others. */
  readonly lastError: string | undefined;
  /** When the webhook will be disabled if nothing changes; undefined when it was, or never will. */
  readonly disablesAt: number | undefined;
}
