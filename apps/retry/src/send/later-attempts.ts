import type { DeliverySender } from '#libs/dispatch';
import { assertNever, type Clock, type Ending, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import { type DeliveryHistory, type KafkaRecord, recordBytes } from '#libs/kafka';

/** Sends later attempts, side by side as far as the bulkhead lets them. Their order is not kept. */
export class LaterAttempts {
  private readonly sender: DeliverySender;
  private readonly clock: Clock;

  constructor(sender: DeliverySender, clock: Clock) {
    this.sender = sender;
    this.clock = clock;
  }

  /** Nothing is sent to a webhook that is paused. Never rejects. */
  send(
    event: WebhookEvent,
    webhook: Webhook,
    record: KafkaRecord,
    history: DeliveryHistory,
    wanted: () => boolean,
  ): Promise<Ending> {
    if (webhook.status === 'paused') return Promise.resolve(this.paused(history));
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
        slot: history.slot,
        source: { key: record.key?.toString() ?? '', topic, partition, offset },
      },
      wanted,
      resolve,
    );
    return promise;
  }

  /** What had matched before goes on waiting; for what was parked before that, this is its arrival. */
  private paused({ resume }: DeliveryHistory): Ending {
    switch (resume) {
      case 'send':
        return { kind: 'held', reason: 'webhook_paused', at: this.clock.now() };
      case 'decode':
        return { kind: 'skipped', reason: 'webhook_paused' };
      default:
        return assertNever(resume);
    }
  }
}
