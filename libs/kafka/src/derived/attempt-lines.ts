import { assertNever, type AttemptRecord } from '#libs/domain';
import type { Logger } from '#libs/runtime';

/** Of which deliveries the log tells. */
export type AttemptLogged = 'all' | 'failed' | 'none';

const TRACE_ID = /^[\da-f]{2}-([\da-f]{32})-/;

/** Logs one line for an entry of the trail, with all that is known of it but the answer's body. */
export class AttemptLines {
  private readonly logged: AttemptLogged;
  private readonly logger: Logger;

  /** @param given.logged `failed`: attempts that failed and deliveries that were given up, not what was held: that may be all of an endpoint's events. */
  constructor(given: { logged: AttemptLogged; logger: Logger }) {
    this.logged = given.logged;
    this.logger = given.logger;
  }

  /** @param traceparent of the delivery, where it is traced. */
  write(record: AttemptRecord, traceparent: string | undefined): void {
    if (!this.wanted(record)) return;
    const { timing } = record;
    this.logger.info(
      {
        attempt_id: record.id,
        webhook_id: record.webhookId,
        customer_id: record.customerId,
        event_id: record.eventId,
        event_type: record.eventType,
        origin_partition: record.originPartition,
        origin_offset: record.originOffset,
        attempt: record.attempt,
        outcome: record.outcome,
        reason: record.reason,
        message: record.message,
        status: record.status,
        duration_ms: timing.totalMs,
        dns_ms: timing.dnsMs,
        connect_ms: timing.connectMs,
        tls_ms: timing.tlsMs,
        first_byte_ms: timing.firstByteMs,
        next: record.next,
        next_tier: record.nextTier,
        next_at: record.nextAt === undefined ? undefined : new Date(record.nextAt).toISOString(),
        next_reason: record.nextReason,
        replay_id: record.replayId,
        trace_id: TRACE_ID.exec(traceparent ?? '')?.[1],
      },
      'attempt',
    );
  }

  private wanted({ outcome, next }: AttemptRecord): boolean {
    switch (this.logged) {
      case 'all':
        return true;
      case 'failed':
        return outcome === 'failed' || next === 'dead_letter';
      case 'none':
        return false;
      default:
        return assertNever(this.logged);
    }
  }
}
