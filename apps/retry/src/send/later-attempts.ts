import type { DeliverySender } from '#libs/dispatch';
import { type Ending, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import { type DeliveryHistory, type KafkaRecord, recordBytes } from '#libs/kafka';

/** Sends later attempts, side by side as far as the bulkhead lets them. Their order is not kept. */
export class LaterAttempts {
  private readonly sender: DeliverySender;

  constructor(sender: DeliverySender) {
    this.sender = sender;
  }

  /** Never rejects. */
  send(
    event: WebhookEvent,
    webhook: Webhook,
    record: KafkaRecord,
    history: DeliveryHistory,
    wanted: () => boolean,
  ): Promise<Ending> {
    const { topic, partition, offset } = record;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.sender.send(
      {
        webhook,
        event,
        attempt: history.attempts + 1,
        sequence: sequenceOf(history.origin),
        lane: undefined,
        bytes: recordBytes(record),
        replayId: history.replayId,
        source: { key: record.key?.toString() ?? '', topic, partition, offset },
      },
      wanted,
      resolve,
    );
    return promise;
  }
}
