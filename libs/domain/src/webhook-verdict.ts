import { FAILURES_COUNTED, type WebhookHealth } from './webhook-health.ts';

/** Why a webhook is disabled. Stable. */
export const DISABLED_REASONS = [
  /** Nothing but failures for too long. */
  'failing',
  /** The endpoint says that it is gone for good: 410, and 410 again a minute later. */
  'gone',
  /** Its customer, or the operator, asked for it. */
  'requested',
] as const;

export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** What a webhook's health comes to. */
export type WebhookVerdict =
  | { readonly kind: 'well' }
  /** Its customer should be told. */
  | { readonly kind: 'failing' }
  | { readonly kind: 'to_disable'; readonly reason: Exclude<DisabledReason, 'requested'> };

/** For how long a webhook has to answer 410, and nothing else, to be disabled. */
export const GONE_AFTER_MS = 60_000;
/** A webhook is failing after this share of the time, and of the attempts, after which it is disabled. */
export const WARNING_SHARE = 0.2;

const WELL: WebhookVerdict = { kind: 'well' };

/**
 * Judges a webhook by its attempts alone, by their own times: whoever reads the same attempts later, or again, comes to the same. A
 * webhook that has nothing to send is neither better nor worse for the time that passes.
 *
 * @param disableAfterMs how long it may fail without a success; -1 = for ever.
 */
export function verdictOf(health: WebhookHealth, disableAfterMs: number): WebhookVerdict {
  const { failingSince, failures, goneSince, lastFailureAt } = health;
  if (failingSince === undefined || lastFailureAt === undefined) return WELL;
  if (goneSince !== undefined && lastFailureAt - goneSince >= GONE_AFTER_MS) {
    return { kind: 'to_disable', reason: 'gone' };
  }
  const failingForMs = lastFailureAt - failingSince;
  const reaches = (share: number): boolean =>
    disableAfterMs >= 0 && failingForMs >= disableAfterMs * share && failures >= FAILURES_COUNTED * share;
  if (reaches(1)) return { kind: 'to_disable', reason: 'failing' };
  return reaches(WARNING_SHARE) ? { kind: 'failing' } : WELL;
}
