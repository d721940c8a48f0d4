/** How a webhook has been doing; times in milliseconds since the epoch, undefined where there was no such attempt. */
export interface WebhookHealth {
  readonly lastSuccessAt: number | undefined;
  readonly lastFailureAt: number | undefined;
  /** When the first attempt failed since the webhook was last well; undefined while it is well. */
  readonly failingSince: number | undefined;
  /** Attempts that failed since then, counted no further than {@link FAILURES_COUNTED}. */
  readonly failures: number;
  /** When the last attempt was made that the endpoint did not answer with 410. */
  readonly lastOtherAt: number | undefined;
  /** When the first attempt was answered with 410 since then, and since the webhook was last well. */
  readonly goneSince: number | undefined;
  /** When the webhook was last enabled again: what was before that counts no more. */
  readonly enabledAt: number | undefined;
}

/** No rule asks for more failures than these, so none are counted beyond. */
export const FAILURES_COUNTED = 20;

/** What is known of a webhook without attempts. */
export const NO_HEALTH: WebhookHealth = {
  lastSuccessAt: undefined,
  lastFailureAt: undefined,
  failingSince: undefined,
  failures: 0,
  lastOtherAt: undefined,
  goneSince: undefined,
  enabledAt: undefined,
};

/** When a webhook was last well: its last success, or when it was enabled again after that; undefined when it never was. */
export function lastWellAt(health: Pick<WebhookHealth, 'lastSuccessAt' | 'enabledAt'>): number | undefined {
  return latest(health.lastSuccessAt, health.enabledAt);
}

/**
 * Joins two views of one webhook, each true of the attempts that were known when it was taken. The order of joining and joining the
 * same again change nothing; where the one view knew all attempts that the other knew, the result is the one.
 */
export function mergeHealth(one: WebhookHealth, other: WebhookHealth): WebhookHealth {
  const lastSuccessAt = latest(one.lastSuccessAt, other.lastSuccessAt);
  const enabledAt = latest(one.enabledAt, other.enabledAt);
  const lastOtherAt = latest(one.lastOtherAt, other.lastOtherAt);
  const well = lastWellAt({ lastSuccessAt, enabledAt });
  const failing = [one, other].filter(({ failingSince }) => isAfter(failingSince, well));
  const gone = [one, other].filter(({ goneSince }) => isAfter(goneSince, latest(well, lastOtherAt)));
  return {
    lastSuccessAt,
    lastFailureAt: latest(one.lastFailureAt, other.lastFailureAt),
    failingSince: failing.map((view) => view.failingSince).reduce(earliest, undefined),
    failures: Math.max(0, ...failing.map((view) => view.failures)),
    lastOtherAt,
    goneSince: gone.map((view) => view.goneSince).reduce(earliest, undefined),
    enabledAt,
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

function isAfter(at: number | undefined, floor: number | undefined): boolean {
  return at !== undefined && (floor === undefined || at > floor);
}
