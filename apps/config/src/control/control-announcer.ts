import { messageOf, UnavailableError } from '#libs/domain';
import { type AdminConnection, controlRecord, type RecordProducer } from '#libs/kafka';
import type { Logger } from '#libs/runtime';
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
  private readonly logger: Logger;

  constructor(given: {
    topic: string;
    admin: AdminConnection;
    producer: RecordProducer;
    webhooks: WebhookRepository;
    logger: Logger;
  }) {
    this.topic = given.topic;
    this.admin = given.admin;
    this.producer = given.producer;
    this.webhooks = given.webhooks;
    this.logger = given.logger;
  }

  /** Resolves when every partition holds the record. @throws UnavailableError when Kafka does not take them all. */
  async announce(pending: PendingControl): Promise<void> {
    const partitions = await this.admin.partitionCount(this.topic);
    if (partitions === 0) throw new UnavailableError('kafka', `the topic ${this.topic} does not exist yet`);
    await Promise.all(
      Array.from({ length: partitions }, (_, partition) =>
        this.producer.send(controlRecord(pending.customerId, this.topic, partition)),
      ),
    );
    await this.clearMark(pending);
  }

  /** A mark that stays costs one more announcement; the change itself is durable and told. */
  private async clearMark(pending: PendingControl): Promise<void> {
    try {
      await this.webhooks.told(pending);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      this.logger.warn({ webhook_id: pending.webhookId }, `the mark of a told change stays: ${messageOf(error)}`);
    }
  }
}
