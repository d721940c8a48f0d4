import {
  type AttemptOutcome,
  type AttemptRecord,
  assertNever,
  type Clock,
  type DeadLetterReason,
  type Ending,
  type RetryDecision,
  type RetrySchedule,
  type SkipReason,
  type Tier,
  type WebhookEvent,
} from '#libs/domain';

import type { SettlementMetrics } from '../metrics/settlement-metrics.ts';
import type { KafkaRecord, OutgoingRecord } from '../record.ts';
import type { AttemptLines } from './attempt-lines.ts';
import type { DeliveryHistory } from './derived-headers.ts';
import type { DerivedRecords } from './derived-records.ts';
import type { AttemptLog } from '../trail/attempt-log.ts';
import type { DurableWriter } from './durable-writer.ts';

/** One delivery of a record to one webhook, and what had happened before. */
export interface SettledDelivery {
  readonly source: Pick<KafkaRecord, 'key' | 'value' | 'headers'>;
  readonly webhookId: string;
  readonly event: Pick<WebhookEvent, 'id' | 'type' | 'resourceType' | 'customerId'>;
  readonly before: Pick<
    DeliveryHistory,
    'attempts' | 'holds' | 'firstFailureAt' | 'origin' | 'replayId' | 'producedAt' | 'traceparent'
  >;
}

/** The part of an attempt record that tells what happened; `attempts` is 1 where a request was made. */
type What = Pick<AttemptRecord, 'outcome' | 'reason' | 'message' | 'timing' | 'status' | 'excerpt'> & {
  readonly attempts: 0 | 1;
};

/** The part of an attempt record that tells what comes next. */
type Next = Pick<AttemptRecord, 'next' | 'nextTier' | 'nextAt' | 'nextReason'>;

const NOT_SENT = {
  attempts: 0,
  message: undefined,
  timing: { totalMs: 0 },
  status: undefined,
  excerpt: undefined,
} as const;
const NOTHING_NEXT: Next = { next: 'none', nextTier: undefined, nextAt: undefined, nextReason: undefined };

/**
 * Makes the end of a delivery durable: its attempt record, and where it is not delivered the record in a retry topic or among the
 * dead letters. Every method resolves with true once all of it is acknowledged, with false when `wanted` turned false before that.
 */
export class DeliverySettlement {
  private readonly schedule: RetrySchedule;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly attempts: AttemptLog;
  private readonly metrics: SettlementMetrics;
  private readonly lines: AttemptLines;
  private readonly clock: Clock;
  private readonly newId: () => string;

  constructor(given: {
    schedule: RetrySchedule;
    records: DerivedRecords;
    writer: DurableWriter;
    attempts: AttemptLog;
    metrics: SettlementMetrics;
    lines: AttemptLines;
    clock: Clock;
    newId: () => string;
  }) {
    this.schedule = given.schedule;
    this.records = given.records;
    this.writer = given.writer;
    this.attempts = given.attempts;
    this.metrics = given.metrics;
    this.lines = given.lines;
    this.clock = given.clock;
    this.newId = given.newId;
  }

  /** Settles a delivery by what became of it in this worker. */
  settle(delivery: SettledDelivery, ending: Ending, wanted: () => boolean): Promise<boolean> {
    switch (ending.kind) {
      case 'dropped':
        return Promise.resolve(false);
      case 'held':
        return this.held(delivery, ending, wanted);
      case 'skipped':
        return this.skip(delivery, ending.reason, wanted);
      case 'attempted':
        return ending.outcome.kind === 'delivered'
          ? this.attempts.append(this.attempted(delivery, ending, NOTHING_NEXT), wanted)
          : this.failed(delivery, ending.outcome, ending, wanted);
      default:
        return assertNever(ending);
    }
  }

  /** Ends a delivery without an attempt: its webhook is gone, or paused, or was disabled, which makes it a dead letter. */
  skip(delivery: SettledDelivery, reason: SkipReason, wanted: () => boolean): Promise<boolean> {
    const record = (next: Next): AttemptRecord =>
      this.record(delivery, this.clock.now(), { ...NOT_SENT, outcome: 'skipped', reason }, next);
    switch (reason) {
      case 'webhook_deleted':
      case 'webhook_paused':
        return this.attempts.append(record(NOTHING_NEXT), wanted);
      case 'webhook_disabled':
        return this.both(
          this.deadLetter(delivery, reason, delivery.before),
          record({ ...NOTHING_NEXT, next: 'dead_letter', nextReason: reason }),
          wanted,
        );
      default:
        return assertNever(reason);
    }
  }

  private held(
    delivery: SettledDelivery,
    { reason, at, slot, traceparent }: Extract<Ending, { kind: 'held' }>,
    wanted: () => boolean,
  ): Promise<boolean> {
    const holds = delivery.before.holds + 1;
    const firstFailureAt = delivery.before.firstFailureAt ?? at;
    const state = { holds, firstFailureAt, ...followed(traceparent) };
    const decision = slot ? this.schedule.untilSlot(slot.at, state, at) : this.schedule.afterHold(state, at);
    const what = { ...NOT_SENT, outcome: 'held', reason } as const;
    const record = this.record(delivery, at, what, planned(decision, at), traceparent);
    return this.both(this.moved(delivery, decision, { ...state, slot }), record, wanted);
  }

  private failed(
    delivery: SettledDelivery,
    outcome: Extract<AttemptOutcome, { kind: 'failed' }>,
    ending: Extract<Ending, { kind: 'attempted' }>,
    wanted: () => boolean,
  ): Promise<boolean> {
    const now = this.clock.now();
    const attempts = delivery.before.attempts + 1;
    const firstFailureAt = delivery.before.firstFailureAt ?? now;
    const failure = {
      attempts,
      firstFailureAt,
      lastStatus: outcome.status,
      lastError: outcome.error,
      ...followed(ending.traceparent),
    };
    const wait = outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs };
    const decision = this.schedule.afterFailure({ attempts, firstFailureAt, ...wait }, now);
    const record = this.attempted(delivery, ending, planned(decision, now));
    return this.both(this.moved(delivery, decision, failure), record, wanted);
  }

  private moved(delivery: SettledDelivery, decision: RetryDecision, now: Partial<DeliveryHistory>): OutgoingRecord {
    switch (decision.kind) {
      case 'retry':
        return this.records.retry(delivery.source, delivery.webhookId, decision.tier, this.history(delivery, now));
      case 'dead_letter':
        return this.deadLetter(delivery, decision.reason, now);
      default:
        return assertNever(decision);
    }
  }

  private both(moved: OutgoingRecord, record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    const written = this.writer.write(moved, wanted);
    const logged = this.attempts.append(record, wanted);
    // What is not awaited where nobody wants it any more: a write never rejects, it is tried again or given up.
    return logged.then((durable) => (durable ? written : false));
  }

  private deadLetter(
    delivery: SettledDelivery,
    reason: DeadLetterReason,
    before: Partial<DeliveryHistory>,
  ): OutgoingRecord {
    return this.records.deadLetter(delivery.source, delivery.webhookId, reason, this.history(delivery, before));
  }

  private history({ before }: SettledDelivery, now: Partial<DeliveryHistory>): DeliveryHistory {
    return { lastStatus: undefined, lastError: undefined, ...before, slot: undefined, ...now, resume: 'send' };
  }

  private attempted(
    delivery: SettledDelivery,
    { outcome, at, excerpt, traceparent }: Extract<Ending, { kind: 'attempted' }>,
    next: Next,
  ): AttemptRecord {
    const failed = outcome.kind === 'failed';
    const what: What = {
      attempts: 1,
      outcome: outcome.kind,
      reason: failed ? outcome.error : undefined,
      message: failed ? outcome.message : undefined,
      timing: outcome.timing,
      status: outcome.status,
      excerpt,
    };
    return this.record(delivery, at, what, next, traceparent);
  }

  private record(
    { webhookId, event, before }: SettledDelivery,
    at: number,
    what: What,
    next: Next,
    traceparent = before.traceparent,
  ): AttemptRecord {
    const record: AttemptRecord = {
      id: this.newId(),
      webhookId,
      customerId: event.customerId,
      eventId: event.id,
      eventType: event.type,
      resourceType: event.resourceType,
      originPartition: before.origin.partition,
      originOffset: before.origin.offset,
      attempt: before.attempts + what.attempts,
      outcome: what.outcome,
      reason: what.reason,
      message: what.message,
      at,
      timing: what.timing,
      status: what.status,
      excerpt: what.excerpt,
      next: next.next,
      nextTier: next.nextTier,
      nextAt: next.nextAt,
      nextReason: next.nextReason,
      replayId: before.replayId,
    };
    this.metrics.delivery(record, before.producedAt);
    this.lines.write(record, traceparent);
    return record;
  }
}

/** What comes after follows the attempt that was traced; otherwise what that would have followed. */
function followed(traceparent: string | undefined): Pick<DeliveryHistory, 'traceparent'> {
  return traceparent === undefined ? {} : { traceparent };
}

function planned(decision: RetryDecision, now: number): Next {
  return decision.kind === 'retry'
    ? toTier(decision.tier, now)
    : { next: 'dead_letter', nextTier: undefined, nextAt: undefined, nextReason: decision.reason };
}

function toTier(tier: Tier, now: number): Next {
  return { next: 'retry', nextTier: tier.name, nextAt: now + tier.delayMs, nextReason: undefined };
}
