import type { Ending, LogPosition, RejectionReason, Tier, Webhook, WebhookEvent } from '#libs/domain';
import {
  type DeliverySettlement,
  type DerivedRecords,
  type DurableWriter,
  freshHistory,
  type KafkaRecord,
  type OutgoingRecord,
  type RecordContext,
  type RecordOutcome,
  type SettlementMetrics,
} from '#libs/kafka';

const SETTLED: RecordOutcome = { kind: 'settled' };
const ABANDONED: RecordOutcome = { kind: 'abandoned' };

/** Decides when a record is done: every webhook has answered with success, or what is left to do is durable in another topic. */
export class Settlement {
  private readonly deliveries: DeliverySettlement;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly metrics: SettlementMetrics;
  private readonly parkingTier: Tier;

  constructor(given: {
    deliveries: DeliverySettlement;
    records: DerivedRecords;
    writer: DurableWriter;
    metrics: SettlementMetrics;
    parkingTier: Tier;
  }) {
    this.deliveries = given.deliveries;
    this.records = given.records;
    this.writer = given.writer;
    this.metrics = given.metrics;
    this.parkingTier = given.parkingTier;
  }

  /**
   * Settles an event once all its deliveries have ended, and their attempt records are durable.
   *
   * @param begin begins with the delivery to one webhook and tells how it ended.
   */
  event(
    record: KafkaRecord,
    event: WebhookEvent,
    webhooks: readonly Webhook[],
    context: RecordContext,
    begin: (webhook: Webhook, ended: (ending: Ending) => void) => void,
  ): Promise<RecordOutcome> {
    if (webhooks.length === 0) return Promise.resolve(SETTLED);
    return new Promise((resolve, reject) => {
      let left = webhooks.length;
      let outcome = SETTLED;
      const done = (durable: boolean): void => {
        left -= 1;
        if (!durable) outcome = ABANDONED;
        if (left === 0) resolve(outcome);
      };
      for (const webhook of webhooks) {
        const before = {
          attempts: 0,
          holds: 0,
          firstFailureAt: undefined,
          origin: record,
          producedAt: record.timestamp,
        };
        const delivery = { source: record, webhookId: webhook.id, event, before };
        begin(webhook, (ending) => {
          try {
            this.deliveries.settle(delivery, ending, context.isCurrent).then(done, reject);
          } catch (error) {
            reject(error);
          }
        });
      }
    });
  }

  /** Puts a record that can never be delivered aside, with its bytes and the reason. */
  rejection(
    record: KafkaRecord,
    reason: RejectionReason,
    message: string,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    this.metrics.rejected(reason);
    return this.written(this.records.rejected(record, reason, message, positionOf(record)), context);
  }

  /** Puts a record about which nothing can be decided now aside, so that its neighbours go on. */
  parking(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    this.metrics.parked();
    const history = freshHistory('decode', positionOf(record), record.timestamp);
    return this.written(this.records.parked(record, this.parkingTier, history), context);
  }

  private async written(record: OutgoingRecord, context: RecordContext): Promise<RecordOutcome> {
    return (await this.writer.write(record, context.isCurrent)) ? SETTLED : ABANDONED;
  }
}

function positionOf({ topic, partition, offset }: KafkaRecord): LogPosition {
  return { topic, partition, offset };
}
