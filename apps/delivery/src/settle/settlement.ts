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
} from '#libs/kafka';

const SETTLED: RecordOutcome = { kind: 'settled' };
const ABANDONED: RecordOutcome = { kind: 'abandoned' };

/** One delivery of an event, under way. */
export interface Sent {
  readonly webhook: Webhook;
  readonly ending: Promise<Ending>;
}

/** Decides when a record is done: every webhook has answered with success, or what is left to do is durable in another topic. */
export class Settlement {
  private readonly deliveries: DeliverySettlement;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly parkingTier: Tier;

  constructor(given: {
    deliveries: DeliverySettlement;
    records: DerivedRecords;
    writer: DurableWriter;
    parkingTier: Tier;
  }) {
    this.deliveries = given.deliveries;
    this.records = given.records;
    this.writer = given.writer;
    this.parkingTier = given.parkingTier;
  }

  /** Settles an event once all its deliveries have ended, and their attempt records are durable. */
  async event(
    record: KafkaRecord,
    event: WebhookEvent,
    sent: readonly Sent[],
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const [only] = sent;
    if (!only) return SETTLED;
    if (sent.length === 1) return (await this.delivery(record, event, only, context)) ? SETTLED : ABANDONED;
    const done = await Promise.all(sent.map((one) => this.delivery(record, event, one, context)));
    return done.every(Boolean) ? SETTLED : ABANDONED;
  }

  /** Puts a record that can never be delivered aside, with its bytes and the reason. */
  rejection(
    record: KafkaRecord,
    reason: RejectionReason,
    message: string,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    return this.written(this.records.rejected(record, reason, message, positionOf(record)), context);
  }

  /** Puts a record about which nothing can be decided now aside, so that its neighbours go on. */
  parking(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const history = freshHistory('decode', positionOf(record));
    return this.written(this.records.parked(record, this.parkingTier, history), context);
  }

  private async delivery(
    record: KafkaRecord,
    event: WebhookEvent,
    { webhook, ending }: Sent,
    context: RecordContext,
  ): Promise<boolean> {
    const before = { attempts: 0, holds: 0, firstFailureAt: undefined, origin: record };
    return this.deliveries.settle(
      { source: record, webhookId: webhook.id, event, before },
      await ending,
      context.isCurrent,
    );
  }

  private async written(record: OutgoingRecord, context: RecordContext): Promise<RecordOutcome> {
    return (await this.writer.write(record, context.isCurrent)) ? SETTLED : ABANDONED;
  }
}

function positionOf({ topic, partition, offset }: KafkaRecord): LogPosition {
  return { topic, partition, offset };
}
