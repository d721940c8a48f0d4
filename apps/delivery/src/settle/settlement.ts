import { assertNever, type LogPosition, type RejectionReason, type Tier, type Webhook } from '#libs/domain';
import type {
  DerivedRecords,
  DurableWriter,
  FailureRouter,
  KafkaRecord,
  RecordContext,
  RecordOutcome,
} from '#libs/kafka';

import type { SendOutcome } from '../send/webhook-sender.ts';

const SETTLED: RecordOutcome = { kind: 'settled' };
const ABANDONED: RecordOutcome = { kind: 'abandoned' };

/** Decides when a record is done: every webhook has answered with success, or what is left to do is durable in another topic. */
export class Settlement {
  private readonly router: FailureRouter;
  private readonly records: DerivedRecords;
  private readonly writer: DurableWriter;
  private readonly parkingTier: Tier;

  constructor(given: { router: FailureRouter; records: DerivedRecords; writer: DurableWriter; parkingTier: Tier }) {
    this.router = given.router;
    this.records = given.records;
    this.writer = given.writer;
    this.parkingTier = given.parkingTier;
  }

  /** Settles an event once all its deliveries have ended. */
  async deliveries(
    record: KafkaRecord,
    sent: ReadonlyArray<{ webhook: Webhook; outcome: Promise<SendOutcome> }>,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const done = await Promise.all(
      sent.map(async ({ webhook, outcome }) => this.delivery(record, webhook, await outcome, context)),
    );
    return done.every(Boolean) ? SETTLED : ABANDONED;
  }

  /** Puts a record that can never be delivered aside, with its bytes and the reason. */
  async rejection(
    record: KafkaRecord,
    reason: RejectionReason,
    message: string,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    return this.written(this.records.rejected(record, reason, message, positionOf(record)), context);
  }

  /** Puts a record about which nothing can be decided now aside, so that its neighbours go on. */
  async parking(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const parked = this.records.parked(record, this.parkingTier, {
      resume: 'decode',
      attempts: 0,
      firstFailureAt: undefined,
      lastStatus: undefined,
      lastError: undefined,
      origin: positionOf(record),
    });
    return this.written(parked, context);
  }

  private async delivery(
    record: KafkaRecord,
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
        return this.router.route(
          {
            source: record,
            webhookId: webhook.id,
            outcome,
            before: { attempts: 0, firstFailureAt: undefined, origin: positionOf(record) },
          },
          () => context.isCurrent(),
        );
      default:
        return assertNever(outcome);
    }
  }

  private async written(record: Parameters<DurableWriter['write']>[0], context: RecordContext): Promise<RecordOutcome> {
    return (await this.writer.write(record, () => context.isCurrent())) ? SETTLED : ABANDONED;
  }
}

function positionOf({ topic, partition, offset }: KafkaRecord): LogPosition {
  return { topic, partition, offset };
}
