import type { AttemptRecord } from '#libs/domain';

let made = 0;

/** An attempt that was delivered, with what a test sets. */
export function anAttempt(given: Partial<AttemptRecord> = {}): AttemptRecord {
  made += 1;
  return {
    id: `0198c0de-0000-7000-8000-${String(made).padStart(12, '0')}`,
    webhookId: 'webhook',
    customerId: 'customer',
    eventId: `event-${made}`,
    eventType: 'call_hangup',
    resourceType: 'call',
    originPartition: 3,
    originOffset: 5_000_000_000 + made,
    attempt: 1,
    outcome: 'delivered',
    reason: undefined,
    message: undefined,
    at: Date.UTC(2026, 0, 1) + made,
    timing: { totalMs: 12.5 },
    status: 200,
    excerpt: undefined,
    next: 'none',
    nextTier: undefined,
    nextAt: undefined,
    nextReason: undefined,
    replayId: undefined,
    ...given,
  };
}

/** The same attempt, failed. */
export function aFailure(given: Partial<AttemptRecord> = {}): AttemptRecord {
  return anAttempt({
    outcome: 'failed',
    status: 503,
    reason: 'http_status',
    message: 'answered 503',
    next: 'retry',
    ...given,
  });
}
