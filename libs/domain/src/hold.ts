/** Why an event goes to a retry topic without an attempt. Stable. */
export const HOLD_REASONS = [
  /** The webhook's circuit breaker is open: its endpoint failed again and again. */
  'breaker_open',
  /** All of the webhook's attempts are under way, and none has succeeded for a second. */
  'stuck',
  /** The webhook would take more than its share of the worker while others wait. */
  'backlog',
] as const;

export type HoldReason = (typeof HOLD_REASONS)[number];
