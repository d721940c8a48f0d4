import { assertNever, type Webhook, type WebhookEvent } from '#libs/domain';
import type { EventCodec } from '#libs/event-schemas';
import { type DeliveryHistory, historyOf, type KafkaRecord, type RecordContext, type RecordOutcome } from '#libs/kafka';

import type { RecentWebhooks } from '../locate/recent-webhooks.ts';
import type { LaterAttempts } from '../send/later-attempts.ts';
import type { RetrySettlement } from '../settle/retry-settlement.ts';

/** Takes up a delivery that is due again: decode, find its webhook, send, settle. Parked records take both steps anew. */
export class RetryReceiver {
  private readonly codec: EventCodec;
  private readonly webhooks: RecentWebhooks;
  private readonly attempts: LaterAttempts;
  private readonly settlement: RetrySettlement;

  constructor(given: {
    codec: EventCodec;
    webhooks: RecentWebhooks;
    attempts: LaterAttempts;
    settlement: RetrySettlement;
  }) {
    this.codec = given.codec;
    this.webhooks = given.webhooks;
    this.attempts = given.attempts;
    this.settlement = given.settlement;
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

  private retry(record: KafkaRecord, history: DeliveryHistory, context: RecordContext): Promise<RecordOutcome> {
    const webhookId = record.key?.toString() ?? '';
    return this.decoded(record, history, context, async (event) => {
      const lookup = await this.webhooks.byId(webhookId);
      switch (lookup.kind) {
        case 'unavailable':
          return this.settlement.parking(record, history, lookup.cause, context);
        case 'missing':
          return this.settlement.skipped(record, event, history, { webhookId, reason: 'webhook_deleted' }, context);
        case 'found':
          break;
        default:
          return assertNever(lookup);
      }
      const webhook = lookup.value;
      switch (webhook.status) {
        case 'disabled':
          return this.settlement.skipped(record, event, history, { webhookId, reason: 'webhook_disabled' }, context);
        case 'paused':
        case 'active':
          return this.sendTo([webhook], event, record, history, context);
        default:
          return assertNever(webhook.status);
      }
    });
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
    const wanted = context.isCurrent;
    const sent = webhooks.map((webhook) => ({
      webhookId: webhook.id,
      ending: this.attempts.send(event, webhook, record, history, wanted),
    }));
    return this.settlement.event(record, event, history, sent, context);
  }
}
