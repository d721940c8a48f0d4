import type { DeliverySender } from '#libs/dispatch';
import { type Ending, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import { type KafkaRecord, recordBytes } from '#libs/kafka';

const FIRST_ATTEMPT = 1;

/** Sends first attempts: one after the other per (webhook, resource), otherwise side by side as far as the bulkhead lets them. */
export class FirstAttempts {
  private readonly sender: DeliverySender;

  constructor(sender: DeliverySender) {
    this.sender = sender;
  }

  /**
   * Nothing is sent to a webhook that is paused.
   *
   * @param ended told once, when the attempt is over, or the delivery was held or skipped; perhaps before this returns.
   */
  send(
    event: WebhookEvent,
    webhook: Webhook,
    record: KafkaRecord,
    wanted: () => boolean,
    ended: (ending: Ending) => void,
  ): void {
    if (webhook.status === 'paused') return ended({ kind: 'skipped', reason: 'webhook_paused' });
    const { topic, partition, offset } = record;
    this.sender.send(
      {
        webhook,
        event,
        attempt: FIRST_ATTEMPT,
        sequence: sequenceOf(record),
        lane: event.resourceId || event.id,
        bytes: recordBytes(record),
        source: { key: event.customerId, topic, partition, offset },
      },
      wanted,
      ended,
    );
  }
}
