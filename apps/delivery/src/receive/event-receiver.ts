import { assertNever, type RejectionReason, type Webhook, type WebhookEvent } from '#libs/domain';
import type { EventCodec } from '#libs/event-schemas';
import { isControlRecord, type KafkaRecord, type KeyLanes, type RecordContext, type RecordOutcome } from '#libs/kafka';
import type { Logger } from '#libs/runtime';

import type { CustomerWebhooks } from '../match/customer-webhooks.ts';
import type { WebhookSender } from '../send/webhook-sender.ts';
import type { Settlement } from '../settle/settlement.ts';

type Decision =
  | { readonly kind: 'deliver'; readonly event: WebhookEvent; readonly webhooks: readonly Webhook[] }
  | { readonly kind: 'reject'; readonly reason: RejectionReason; readonly message: string }
  | { readonly kind: 'park'; readonly cause: Error };

/**
 * Takes a record through the stations: decode, match, send, settle. A customer's records are decided in the order of the log, so
 * that their lanes fill in that order; one customer's loading webhooks or schema never make another wait.
 */
export class EventReceiver {
  private readonly codec: EventCodec;
  private readonly webhooks: CustomerWebhooks;
  private readonly sender: WebhookSender;
  private readonly settlement: Settlement;
  private readonly deciding: KeyLanes;
  private readonly logger: Logger;

  constructor(given: {
    codec: EventCodec;
    webhooks: CustomerWebhooks;
    sender: WebhookSender;
    settlement: Settlement;
    deciding: KeyLanes;
    logger: Logger;
  }) {
    this.codec = given.codec;
    this.webhooks = given.webhooks;
    this.sender = given.sender;
    this.settlement = given.settlement;
    this.deciding = given.deciding;
    this.logger = given.logger;
  }

  /** Resolves when the record is settled, or was abandoned because the partition was given up. */
  async receive(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const key = record.key?.toString() ?? '';
    if (isControlRecord(record)) {
      this.webhooks.drop(key);
      return { kind: 'settled' };
    }
    // The promise travels in an object: the lane is free once the sending has begun, not once it has ended.
    const { outcome } = await this.deciding.run(key, async () => {
      const decision = await this.decide(record);
      return { outcome: this.carryOut(decision, record, context) };
    });
    return outcome;
  }

  private async decide(record: KafkaRecord): Promise<Decision> {
    if (record.value === null) {
      return { kind: 'reject', reason: 'not_avro', message: 'the record has no value' };
    }
    const decoded = await this.codec.decode(record.value);
    switch (decoded.kind) {
      case 'rejected':
        return { kind: 'reject', reason: decoded.reason, message: decoded.message };
      case 'unavailable':
        return { kind: 'park', cause: decoded.cause };
      case 'event':
        break;
      default:
        return assertNever(decoded);
    }
    const lookup = await this.webhooks.lookup(decoded.event.customerId);
    if (lookup.kind === 'unavailable') return { kind: 'park', cause: lookup.cause };
    return { kind: 'deliver', event: decoded.event, webhooks: lookup.index.match(decoded.event) };
  }

  private carryOut(decision: Decision, record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    switch (decision.kind) {
      case 'deliver':
        return this.settlement.deliveries(
          record,
          decision.webhooks.map((webhook) => ({
            webhook,
            outcome: this.sender.send(decision.event, webhook, record, () => context.isCurrent()),
          })),
          context,
        );
      case 'reject':
        this.logger.warn({ topic, partition, offset, reason: decision.reason }, `record rejected: ${decision.message}`);
        return this.settlement.rejection(record, decision.reason, decision.message, context);
      case 'park':
        this.logger.warn({ topic, partition, offset }, `record parked: ${decision.cause.message}`);
        return this.settlement.parking(record, context);
      default:
        return assertNever(decision);
    }
  }
}
