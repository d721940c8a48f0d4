import { type AttemptRecord, type AttemptTiming, sequenceOf } from '#libs/domain';

import { showTime } from '../http/time-span.ts';

const HUNDREDTHS = 100;

/** An attempt as the admin REST shows it. Bytes of the answer that are no UTF-8 appear as U+FFFD. */
export function attemptView(record: AttemptRecord): Readonly<Record<string, unknown>> {
  return {
    id: record.id,
    event_id: record.eventId,
    event_type: record.eventType,
    attempt: record.attempt,
    outcome: record.outcome,
    reason: record.reason ?? null,
    message: record.message ?? null,
    at: showTime(record.at),
    timing: timingView(record.timing),
    status: record.status ?? null,
    response_excerpt: record.excerpt?.toString('utf8') ?? null,
    next: nextView(record),
    replay_id: record.replayId ?? null,
    sequence: sequenceOf({ partition: record.originPartition, offset: record.originOffset }),
  };
}

/** How long an attempt took, step by step. */
export function timingView(timing: AttemptTiming): Readonly<Record<string, number | null>> {
  return {
    dns_ms: showMs(timing.dnsMs),
    connect_ms: showMs(timing.connectMs),
    tls_ms: showMs(timing.tlsMs),
    first_byte_ms: showMs(timing.firstByteMs),
    total_ms: showMs(timing.totalMs),
  };
}

/** What comes after an attempt: `kind` is none, retry or dead_letter. */
export function nextView(record: AttemptRecord): Readonly<Record<string, unknown>> {
  return {
    kind: record.next,
    tier: record.nextTier ?? null,
    at: showTime(record.nextAt),
    reason: record.nextReason ?? null,
  };
}

/** Milliseconds to the hundredth; null where nothing was measured. */
export function showMs(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds * HUNDREDTHS) / HUNDREDTHS;
}
