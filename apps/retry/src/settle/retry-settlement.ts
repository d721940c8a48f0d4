import type { Ending, RejectionReason, SkipReason, Tier, WebhookEvent } from '#libs/domain';
import type {
  DeliveryHistory,
  DeliverySettlement,
  DerivedRecords,
  DurableWriter,
  KafkaRecord,
  OutgoingRecord,
  RecordContext,
  RecordOutcome,
  SettlementMetrics,
} from '#libs/kafka';
import type { Logger } from '#libs/runtime';

const SETTLED: RecordOutcome = { kind: 'settled' };
const ABANDONED: RecordOutcome = { kind: 'abandoned' };

/** One delivery of a retry record, under way. */
export interface Sent {
  readonly webhookId: string;
  readonly ending: Promise<Ending>;
}

/** Decides when a retry record is done: delivered, or durable in the topic it goes to next. */
export class RetrySettlement {
  private readonly deliveries: DeliverySettlement;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly metrics: SettlementMetrics;
  private readonly parkingTier: Tier;
  private readonly logger: Logger;

  constructor(given: {
    deliveries: DeliverySettlement;
    records: DerivedRecords;
    writer: DurableWriter;
    metrics: SettlementMetrics;
    parkingTier: Tier;
    logger: Logger;
  }) {
    this.deliveries = given.deliveries;
    this.records = given.records;
    this.writer = given.writer;
    this.metrics = given.metrics;
    this.parkingTier = given.parkingTier;
    this.logger = given.logger;
  }

  /** Settles a record once all its deliveries have ended, and their attempt records are durable. */
  async event(
    record: KafkaRecord,
    event: WebhookEvent,
    history: DeliveryHistory,
    sent: readonly Sent[],
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const wanted = context.isCurrent;
    const done = await Promise.all(
      sent.map(async ({ webhookId, ending }) =>
        this.deliveries.settle({ source: record, webhookId, event, before: history }, await ending, wanted),
      ),
    );
    return done.every(Boolean) ? SETTLED : ABANDONED;
  }

  /** The webhook was deleted or disabled while the delivery waited. */
  async skipped(
    record: KafkaRecord,
    event: WebhookEvent,
    history: DeliveryHistory,
    { webhookId, reason }: { readonly webhookId: string; readonly reason: SkipReason },
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const delivery = { source: record, webhookId, event, before: history };
    return (await this.deliveries.skip(delivery, reason, context.isCurrent)) ? SETTLED : ABANDONED;
  }

  /** Waits again in the shortest tier: nothing could be decided, no attempt was spent. */
  parking(record: KafkaRecord, history: DeliveryHistory, cause: Error, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    this.logger.warn({ topic, partition, offset }, `record parked: ${cause.message}`);
    this.metrics.parked();
    return this.written(this.records.parked(record, this.parkingTier, history), context);
  }

  /** What was parked turned out to be undeliverable. */
  rejection(
    record: KafkaRecord,
    history: DeliveryHistory,
    reason: RejectionReason,
    message: string,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    this.metrics.rejected(reason);
    return this.written(this.records.rejected(record, reason, message, history.origin), context);
  }

  /** A record that somebody else wrote to a retry topic. */
  foreign(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    this.logger.warn({ topic, partition, offset }, 'record rejected: it lacks the headers of a retry');
    this.metrics.rejected('missing_field');
    const message = 'a retry topic held a record without the headers of a retry';
    return this.written(this.records.rejected(record, 'missing_field', message, { topic, partition, offset }), context);
  }

  private async written(record: OutgoingRecord, context: RecordContext): Promise<RecordOutcome> {
    return (await this.writer.write(record, context.isCurrent)) ? SETTLED : ABANDONED;
  }
}
