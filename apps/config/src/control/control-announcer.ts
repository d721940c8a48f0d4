import { type AdminConnection, controlRecord, type RecordProducer } from '#libs/kafka';
import type { PendingControl, WebhookRepository } from '#libs/store';

/**
 * Tells every owner of a partition of the event topic, in the log itself, that a customer's webhooks changed. An event produced after
 * that is matched against the change.
 */
export class ControlAnnouncer {
  private readonly topic: string;
  private readonly admin: AdminConnection;
  private readonly producer: RecordProducer;
  private readonly webhooks: WebhookRepository;

  constructor(given: { topic: string; admin: AdminConnection; producer: RecordProducer; webhooks: WebhookRepository }) {
    this.topic = given.topic;
    this.admin = given.admin;
    this.producer = given.producer;
    this.webhooks = given.webhooks;
  }

  /** Resolves when every partition holds the record and the mark is cleared. @throws UnavailableError */
  async announce(pending: PendingControl): Promise<void> {
    const partitions = await this.admin.partitionCount(this.topic);
    await Promise.all(
      Array.from({ length: partitions }, (_, partition) =>
        this.producer.send(controlRecord(pending.customerId, this.topic, partition)),
      ),
    );
    await this.webhooks.told(pending);
  }
}
