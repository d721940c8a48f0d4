import { assertNever, type RejectionReason, type Tier, type Webhook } from '#libs/domain';
import type {
  DeliveryHistory,
  DerivedRecords,
  DurableWriter,
  FailureRouter,
  KafkaRecord,
  OutgoingRecord,
  RecordContext,
  RecordOutcome,
} from '#libs/kafka';
import type { Logger } from '#libs/runtime';

import type { SendOutcome } from '../send/retry-sender.ts';

const SETTLED: RecordOutcome = { kind: 'settled' };
const ABANDONED: RecordOutcome = { kind: 'abandoned' };

/** Decides when a retry record is done: delivered, or durable in the topic it goes to next. */
export class RetrySettlement {
  private readonly router: FailureRouter;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly parkingTier: Tier;
  private readonly logger: Logger;

  constructor(given: {
    router: FailureRouter;
    records: DerivedRecords;
    writer: DurableWriter;
    parkingTier: Tier;
    logger: Logger;
  }) {
    this.router = given.router;
    this.records = given.records;
    this.writer = given.writer;
    this.parkingTier = given.parkingTier;
    this.logger = given.logger;
  }

  /** Settles a record once all its deliveries have ended. */
  async deliveries(
    record: KafkaRecord,
    history: DeliveryHistory,
    sent: ReadonlyArray<{ webhook: Webhook; outcome: Promise<SendOutcome> }>,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const done = await Promise.all(
      sent.map(async ({ webhook, outcome }) => this.delivery(record, history, webhook, await outcome, context)),
    );
    return done.every(Boolean) ? SETTLED : ABANDONED;
  }

  /** Waits again in the shortest tier: nothing could be decided, no attempt was spent. */
  parking(record: KafkaRecord, history: DeliveryHistory, cause: Error, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    this.logger.warn({ topic, partition, offset }, `record parked: ${cause.message}`);
    return this.written(this.records.parked(record, this.parkingTier, history), context);
  }

  /** The webhook was disabled while the delivery waited. */
  disabled(
    record: KafkaRecord,
    webhookId: string,
    history: DeliveryHistory,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    return this.written(this.records.deadLetter(record, webhookId, 'webhook_disabled', history), context);
  }

  /** What was parked turned out to be undeliverable. */
  rejection(
    record: KafkaRecord,
    history: DeliveryHistory,
    reason: RejectionReason,
    message: string,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    return this.written(this.records.rejected(record, reason, message, history.origin), context);
  }

  /** A record that somebody else wrote to a retry topic. */
  foreign(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    this.logger.warn({ topic, partition, offset }, 'record rejected: it lacks the headers of a retry');
    const message = 'a retry topic held a record without the headers of a retry';
    return this.written(this.records.rejected(record, 'missing_field', message, { topic, partition, offset }), context);
  }

  private async delivery(
    record: KafkaRecord,
    history: DeliveryHistory,
    webhook: Webhook,
    outcome: SendOutcome,
    context: RecordContext,
  ): Promise<boolean> {
    switch (outcome.kind) {
      case 'delivered':
        return true;
      case 'dropped':
        return false;
      case 'failed':
        return this.router.route({ source: record, webhookId: webhook.id, outcome, before: history }, () =>
          context.isCurrent(),
        );
      default:
        return assertNever(outcome);
    }
  }

  private async written(record: OutgoingRecord, context: RecordContext): Promise<RecordOutcome> {
    return (await this.writer.write(record, () => context.isCurrent())) ? SETTLED : ABANDONED;
  }
}
