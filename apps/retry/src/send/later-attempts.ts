import type { DeliverySender, DeliveryTraces } from '#libs/dispatch';
import { assertNever, type Clock, type Ending, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import { type DeliveryHistory, headerText, type KafkaRecord, recordBytes } from '#libs/kafka';

/** Sends later attempts, side by side as far as the bulkhead lets them. Their order is not kept. */
export class LaterAttempts {
  private readonly sender: DeliverySender;
  private readonly clock: Clock;
  private readonly traces: DeliveryTraces | undefined;

  /** @param traces undefined where nothing is traced. */
  constructor(sender: DeliverySender, clock: Clock, traces: DeliveryTraces | undefined) {
    this.sender = sender;
    this.clock = clock;
    this.traces = traces;
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
    const attempt = history.attempts + 1;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.sender.send(
      {
        webhook,
        event,
        attempt,
        sequence: sequenceOf(history.origin),
        lane: undefined,
        bytes: recordBytes(record),
        replayId: history.replayId,
        slot: history.slot,
        trace: this.traces?.begin({
          parent: history.traceparent ?? headerText(record.headers, 'traceparent'),
          event,
          webhook,
          attempt,
          source: record,
        }),
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
