import { type AttemptOutcome, assertNever, type Clock, type RetrySchedule } from '#libs/domain';

import type { KafkaRecord } from '../record.ts';
import type { DeliveryHistory } from './derived-headers.ts';
import type { DerivedRecords } from './derived-records.ts';
import type { DurableWriter } from './durable-writer.ts';

/** A delivery that just failed. */
export interface FailedDelivery {
  readonly source: Pick<KafkaRecord, 'key' | 'value' | 'headers'>;
  readonly webhookId: string;
  readonly outcome: Extract<AttemptOutcome, { kind: 'failed' }>;
  /** What had happened before this attempt. */
  readonly before: Pick<DeliveryHistory, 'attempts' | 'firstFailureAt' | 'origin'>;
}

/** Sends a failed delivery on its way: to the tier of its next attempt, or to the dead letters. */
export class FailureRouter {
  private readonly schedule: RetrySchedule;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly clock: Clock;

  constructor(given: { schedule: RetrySchedule; records: DerivedRecords; writer: DurableWriter; clock: Clock }) {
    this.schedule = given.schedule;
    this.records = given.records;
    this.writer = given.writer;
    this.clock = given.clock;
  }

  /** True once the delivery is durable in the topic it goes to; false when `wanted` turned false before that. */
  route(failed: FailedDelivery, wanted: () => boolean): Promise<boolean> {
    const { source, webhookId, outcome, before } = failed;
    const now = this.clock.now();
    const history: DeliveryHistory = {
      resume: 'send',
      attempts: before.attempts + 1,
      firstFailureAt: before.firstFailureAt ?? now,
      lastStatus: outcome.status,
      lastError: outcome.error,
      origin: before.origin,
    };
    const decision = this.schedule.afterFailure(
      {
        attempts: history.attempts,
        firstFailureAt: history.firstFailureAt ?? now,
        ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
      },
      now,
    );
    switch (decision.kind) {
      case 'retry':
        return this.writer.write(this.records.retry(source, webhookId, decision.tier, history), wanted);
      case 'dead_letter':
        return this.writer.write(this.records.deadLetter(source, webhookId, decision.reason, history), wanted);
      default:
        return assertNever(decision);
    }
  }
}
