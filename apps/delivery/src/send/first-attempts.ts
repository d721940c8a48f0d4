import type { DeliverySender, DeliveryTraces } from '#libs/dispatch';
import { type Ending, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import { headerText, type KafkaRecord, recordBytes } from '#libs/kafka';

const FIRST_ATTEMPT = 1;

/** Sends first attempts: one after the other per (webhook, resource), otherwise side by side as far as the bulkhead lets them. */
export class FirstAttempts {
  private readonly sender: DeliverySender;
  private readonly traces: DeliveryTraces | undefined;

  /** @param traces undefined where nothing is traced. */
  constructor(sender: DeliverySender, traces: DeliveryTraces | undefined) {
    this.sender = sender;
    this.traces = traces;
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
        trace: this.traces?.begin({
          parent: headerText(record.headers, 'traceparent'),
          event,
          webhook,
          attempt: FIRST_ATTEMPT,
          source: record,
        }),
        source: { key: event.customerId, topic, partition, offset },
      },
      wanted,
      ended,
    );
  }
}
