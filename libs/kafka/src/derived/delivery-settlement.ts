import {
  type AttemptOutcome,
  type AttemptRecord,
  assertNever,
  type Clock,
  type DeadLetterReason,
  type Ending,
  type HoldReason,
  type RetryDecision,
  type RetrySchedule,
  type SkipReason,
  type WebhookEvent,
} from '#libs/domain';

import type { KafkaRecord, OutgoingRecord } from '../record.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { DeliveryHistory } from './derived-headers.ts';
import type { DerivedRecords } from './derived-records.ts';
import type { DurableWriter } from './durable-writer.ts';

/** One delivery of a record to one webhook, and what had happened before. */
export interface SettledDelivery {
  readonly source: Pick<KafkaRecord, 'key' | 'value' | 'headers'>;
  readonly webhookId: string;
  readonly event: Pick<WebhookEvent, 'id' | 'type' | 'resourceType' | 'customerId'>;
  readonly before: Pick<DeliveryHistory, 'attempts' | 'holds' | 'firstFailureAt' | 'origin'>;
}

const NOT_SENT = { totalMs: 0 };

/**
 * Makes the end of a delivery durable: its attempt record, and where it is not delivered the record in a retry topic or among the
 * dead letters. Every method resolves with true once all of it is acknowledged, with false when `wanted` turned false before that.
 */
export class DeliverySettlement {
  private readonly schedule: RetrySchedule;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly attempts: AttemptLog;
  private readonly clock: Clock;
  private readonly newId: () => string;

  constructor(given: {
    schedule: RetrySchedule;
    records: DerivedRecords;
    writer: DurableWriter;
    attempts: AttemptLog;
    clock: Clock;
    newId: () => string;
  }) {
    this.schedule = given.schedule;
    this.records = given.records;
    this.writer = given.writer;
    this.attempts = given.attempts;
    this.clock = given.clock;
    this.newId = given.newId;
  }

  /** Settles a delivery by what became of it in this worker. */
  settle(delivery: SettledDelivery, ending: Ending, wanted: () => boolean): Promise<boolean> {
    switch (ending.kind) {
      case 'dropped':
        return Promise.resolve(false);
      case 'held':
        return this.held(delivery, ending.reason, ending.at, wanted);
      case 'attempted':
        return ending.outcome.kind === 'delivered'
          ? this.attempts.append(this.attempted(delivery, ending.outcome, ending), wanted)
          : this.failed(delivery, ending.outcome, ending, wanted);
      default:
        return assertNever(ending);
    }
  }

  /** Ends a delivery without an attempt: its webhook is gone, or was disabled, which makes it a dead letter. */
  skip(delivery: SettledDelivery, reason: SkipReason, wanted: () => boolean): Promise<boolean> {
    const record: AttemptRecord = {
      ...this.unsent(delivery, this.clock.now()),
      outcome: 'skipped',
      reason,
    };
    switch (reason) {
      case 'webhook_deleted':
      case 'webhook_paused':
        return this.attempts.append(record, wanted);
      case 'webhook_disabled':
        return this.both(
          this.deadLetter(delivery, reason, delivery.before),
          { ...record, next: 'dead_letter', nextReason: reason },
          wanted,
        );
      default:
        return assertNever(reason);
    }
  }

  private held(delivery: SettledDelivery, reason: HoldReason, at: number, wanted: () => boolean): Promise<boolean> {
    const holds = delivery.before.holds + 1;
    const tier = this.schedule.afterHold(holds);
    const history = this.history(delivery, { holds });
    return this.both(
      this.records.retry(delivery.source, delivery.webhookId, tier, history),
      {
        ...this.unsent(delivery, at),
        outcome: 'held',
        reason,
        next: 'retry',
        nextTier: tier.name,
        nextAt: at + tier.delayMs,
      },
      wanted,
    );
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
    const history = this.history(delivery, {
      attempts,
      firstFailureAt,
      lastStatus: outcome.status,
      lastError: outcome.error,
    });
    const wait = outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs };
    const decision = this.schedule.afterFailure({ attempts, firstFailureAt, ...wait }, now);
    const record = { ...this.attempted(delivery, outcome, ending), ...planned(decision, now) };
    switch (decision.kind) {
      case 'retry':
        return this.both(
          this.records.retry(delivery.source, delivery.webhookId, decision.tier, history),
          record,
          wanted,
        );
      case 'dead_letter':
        return this.both(this.deadLetter(delivery, decision.reason, history), record, wanted);
      default:
        return assertNever(decision);
    }
  }

  private async both(moved: OutgoingRecord, record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    const [written, logged] = await Promise.all([
      this.writer.write(moved, wanted),
      this.attempts.append(record, wanted),
    ]);
    return written && logged;
  }

  private deadLetter(
    delivery: SettledDelivery,
    reason: DeadLetterReason,
    before: Partial<DeliveryHistory>,
  ): OutgoingRecord {
    return this.records.deadLetter(delivery.source, delivery.webhookId, reason, this.history(delivery, before));
  }

  private history({ before }: SettledDelivery, now: Partial<DeliveryHistory>): DeliveryHistory {
    return { lastStatus: undefined, lastError: undefined, ...before, ...now, resume: 'send' };
  }

  private attempted(
    delivery: SettledDelivery,
    outcome: AttemptOutcome,
    { at, excerpt }: Extract<Ending, { kind: 'attempted' }>,
  ): AttemptRecord {
    const failed = outcome.kind === 'failed';
    return {
      ...this.unsent(delivery, at),
      attempt: delivery.before.attempts + 1,
      outcome: outcome.kind,
      reason: failed ? outcome.error : undefined,
      message: failed ? outcome.message : undefined,
      timing: outcome.timing,
      status: outcome.status,
      excerpt,
    };
  }

  private unsent({ webhookId, event, before }: SettledDelivery, at: number): Omit<AttemptRecord, 'outcome'> {
    return {
      id: this.newId(),
      webhookId,
      customerId: event.customerId,
      eventId: event.id,
      eventType: event.type,
      resourceType: event.resourceType,
      originPartition: before.origin.partition,
      originOffset: before.origin.offset,
      attempt: before.attempts,
      reason: undefined,
      message: undefined,
      at,
      timing: NOT_SENT,
      status: undefined,
      excerpt: undefined,
      next: 'none',
      nextTier: undefined,
      nextAt: undefined,
      nextReason: undefined,
      replayId: undefined,
    };
  }
}

function planned(
  decision: RetryDecision,
  now: number,
): Pick<AttemptRecord, 'next' | 'nextTier' | 'nextAt' | 'nextReason'> {
  return decision.kind === 'retry'
    ? { next: 'retry', nextTier: decision.tier.name, nextAt: now + decision.tier.delayMs, nextReason: undefined }
    : { next: 'dead_letter', nextTier: undefined, nextAt: undefined, nextReason: decision.reason };
}
