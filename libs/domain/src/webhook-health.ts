/** How a webhook has been doing; times in milliseconds since the epoch, undefined where there was no such attempt. */
export interface WebhookHealth {
  readonly lastSuccessAt: number | undefined;
  readonly lastFailureAt: number | undefined;
  /** When the first attempt failed after the last one that succeeded; undefined while the webhook is well. */
  readonly failingSince: number | undefined;
}

/** What is known of a webhook without attempts. */
export const NO_HEALTH: WebhookHealth = { lastSuccessAt: undefined, lastFailureAt: undefined, failingSince: undefined };

/**
 * Joins two views of one webhook, each true of the attempts that were known when it was taken. The order of joining and joining the
 * same again change nothing; where the one view knew all attempts that the other knew, the result is the one.
 */
export function mergeHealth(one: WebhookHealth, other: WebhookHealth): WebhookHealth {
  const lastSuccessAt = latest(one.lastSuccessAt, other.lastSuccessAt);
  const failures = [one.failingSince, other.failingSince].filter(
    (at) => at !== undefined && (lastSuccessAt === undefined || at > lastSuccessAt),
  );
  return {
    lastSuccessAt,
    lastFailureAt: latest(one.lastFailureAt, other.lastFailureAt),
    failingSince: failures.reduce(earliest, undefined),
  };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
