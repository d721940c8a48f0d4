import { type AttemptRecord, type AttemptTiming, latencyBucket, type NextStep } from '#libs/domain';
import { Binary } from 'mongodb';

import { facetsOf } from './attempt-facets.ts';
import { sortKey } from './sort-key.ts';

/** An attempt as MongoDB holds it. What follows `replay_id` is derived from the rest, for the queries. */
export interface AttemptDocument {
  readonly _id: string;
  readonly webhook_id: string;
  readonly customer_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly resource_type: string;
  readonly origin: { readonly partition: number; readonly offset: number };
  readonly attempt: number;
  readonly outcome: AttemptRecord['outcome'];
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly at: Date;
  readonly timing: {
    readonly total_ms: number;
    readonly dns_ms?: number | undefined;
    readonly connect_ms?: number | undefined;
    readonly tls_ms?: number | undefined;
    readonly first_byte_ms?: number | undefined;
  };
  readonly status?: number | undefined;
  readonly excerpt?: Binary | undefined;
  readonly next: {
    readonly kind: NextStep;
    readonly tier?: string | undefined;
    readonly at?: Date | undefined;
    readonly reason?: string | undefined;
  };
  readonly replay_id?: string | undefined;
  readonly sort_key: string;
  readonly facets: readonly string[];
  /** Where a request was made. */
  readonly latency_bucket?: number | undefined;
  readonly expires_at?: Date | undefined;
}

/** @param keepMs how long it is kept from its time on; -1 = without limit. */
export function toDocument(record: AttemptRecord, keepMs: number): AttemptDocument {
  const { at, timing } = record;
  const requested = record.outcome === 'delivered' || record.outcome === 'failed';
  return {
    _id: record.id,
    webhook_id: record.webhookId,
    customer_id: record.customerId,
    event_id: record.eventId,
    event_type: record.eventType,
    resource_type: record.resourceType,
    origin: { partition: record.originPartition, offset: record.originOffset },
    attempt: record.attempt,
    outcome: record.outcome,
    reason: record.reason,
    message: record.message,
    at: new Date(at),
    timing: {
      total_ms: timing.totalMs,
      dns_ms: timing.dnsMs,
      connect_ms: timing.connectMs,
      tls_ms: timing.tlsMs,
      first_byte_ms: timing.firstByteMs,
    },
    status: record.status,
    excerpt: record.excerpt && new Binary(record.excerpt),
    next: {
      kind: record.next,
      tier: record.nextTier,
      at: record.nextAt === undefined ? undefined : new Date(record.nextAt),
      reason: record.nextReason,
    },
    replay_id: record.replayId,
    sort_key: sortKey(at, record.id),
    facets: facetsOf(record),
    latency_bucket: requested ? latencyBucket(timing.totalMs) : undefined,
    expires_at: keepMs < 0 ? undefined : new Date(at + keepMs),
  };
}

export function fromDocument(document: AttemptDocument): AttemptRecord {
  const { next, origin } = document;
  return {
    id: document._id,
    webhookId: document.webhook_id,
    customerId: document.customer_id,
    eventId: document.event_id,
    eventType: document.event_type,
    resourceType: document.resource_type,
    originPartition: origin.partition,
    originOffset: origin.offset,
    attempt: document.attempt,
    outcome: document.outcome,
    reason: document.reason,
    message: document.message,
    at: document.at.getTime(),
    timing: timingOf(document.timing),
    status: document.status,
    excerpt: document.excerpt && Buffer.from(document.excerpt.value()),
    next: next.kind,
    nextTier: next.tier,
    nextAt: next.at?.getTime(),
    nextReason: next.reason,
    replayId: document.replay_id,
  };
}

function timingOf({ total_ms, dns_ms, connect_ms, tls_ms, first_byte_ms }: AttemptDocument['timing']): AttemptTiming {
  return {
    totalMs: total_ms,
    ...(dns_ms === undefined ? {} : { dnsMs: dns_ms }),
    ...(connect_ms === undefined ? {} : { connectMs: connect_ms }),
    ...(tls_ms === undefined ? {} : { tlsMs: tls_ms }),
    ...(first_byte_ms === undefined ? {} : { firstByteMs: first_byte_ms }),
  };
}
