import { assertNever, type Webhook, type WebhookEvent } from '#libs/domain';
import type { EventCodec } from '#libs/event-schemas';
import { type DeliveryHistory, historyOf, type KafkaRecord, type RecordContext, type RecordOutcome } from '#libs/kafka';
import type { Logger } from '#libs/runtime';

import type { RecentWebhooks } from '../locate/recent-webhooks.ts';
import type { RetrySender } from '../send/retry-sender.ts';
import type { RetrySettlement } from '../settle/retry-settlement.ts';

const SETTLED: RecordOutcome = { kind: 'settled' };

/** Takes up a delivery that is due again: find its webhook, decode, send, settle. Parked records take both steps anew. */
export class RetryReceiver {
  private readonly codec: EventCodec;
  private readonly webhooks: RecentWebhooks;
  private readonly sender: RetrySender;
  private readonly settlement: RetrySettlement;
  private readonly logger: Logger;

  constructor(given: {
    codec: EventCodec;
    webhooks: RecentWebhooks;
    sender: RetrySender;
    settlement: RetrySettlement;
    logger: Logger;
  }) {
    this.codec = given.codec;
    this.webhooks = given.webhooks;
    this.sender = given.sender;
    this.settlement = given.settlement;
    this.logger = given.logger;
  }

  /** Resolves when the record is settled, or was abandoned because the partition was given up. */
  async receive(record: KafkaRecord, context: RecordContext): Promise<RecordOutcome> {
    const history = historyOf(record);
    if (!history) return this.settlement.foreign(record, context);
    switch (history.resume) {
      case 'send':
        return this.retry(record, history, context);
      case 'decode':
        return this.takeUp(record, history, context);
      default:
        return assertNever(history.resume);
    }
  }

  private async retry(record: KafkaRecord, history: DeliveryHistory, context: RecordContext): Promise<RecordOutcome> {
    const webhookId = record.key?.toString() ?? '';
    const lookup = await this.webhooks.byId(webhookId);
    switch (lookup.kind) {
      case 'unavailable':
        return this.settlement.parking(record, history, lookup.cause, context);
      case 'missing':
        this.logger.info({ webhook_id: webhookId, attempts: history.attempts }, 'webhook deleted: its retry ends here');
        return SETTLED;
      case 'found':
        break;
      default:
        return assertNever(lookup);
    }
    if (lookup.value.status === 'disabled') return this.settlement.disabled(record, webhookId, history, context);
    return this.decoded(record, history, context, (event) =>
      this.sendTo([lookup.value], event, record, history, context),
    );
  }

  private takeUp(record: KafkaRecord, history: DeliveryHistory, context: RecordContext): Promise<RecordOutcome> {
    return this.decoded(record, history, context, async (event) => {
      const lookup = await this.webhooks.ofCustomer(event);
      if (lookup.kind === 'unavailable') return this.settlement.parking(record, history, lookup.cause, context);
      return this.sendTo(lookup.value, event, record, history, context);
    });
  }

  private async decoded(
    record: KafkaRecord,
    history: DeliveryHistory,
    context: RecordContext,
    next: (event: WebhookEvent) => Promise<RecordOutcome>,
  ): Promise<RecordOutcome> {
    if (record.value === null) return this.settlement.foreign(record, context);
    const decoded = await this.codec.decode(record.value);
    switch (decoded.kind) {
      case 'event':
        return next(decoded.event);
      case 'unavailable':
        return this.settlement.parking(record, history, decoded.cause, context);
      case 'rejected':
        return this.settlement.rejection(record, history, decoded.reason, decoded.message, context);
      default:
        return assertNever(decoded);
    }
  }

  private sendTo(
    webhooks: readonly Webhook[],
    event: WebhookEvent,
    record: KafkaRecord,
    history: DeliveryHistory,
    context: RecordContext,
  ): Promise<RecordOutcome> {
    const sent = webhooks.map((webhook) => ({
      webhook,
      outcome: this.sender.send(event, webhook, history, () => context.isCurrent()),
    }));
    return this.settlement.deliveries(record, history, sent, context);
  }
}
