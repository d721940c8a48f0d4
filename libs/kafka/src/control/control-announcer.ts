import { messageOf, type PendingControl, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { AdminConnection } from '../client/admin-connection.ts';
import type { RecordProducer } from '../produce/record-producer.ts';
import { controlRecord } from '../topics/control-record.ts';

/** Where the marks of changes are kept. */
export interface ControlMarks {
  /** Everybody was told of a change. @throws UnavailableError, and the mark stays. */
  told(pending: PendingControl): Promise<void>;
}

/**
 * Tells every owner of a partition of the event topic, in the log itself, that a customer's webhooks changed. An event produced after
 * that is matched against the change.
 */
export class ControlAnnouncer {
  private readonly topic: string;
  private readonly admin: AdminConnection;
  private readonly producer: RecordProducer;
  private readonly marks: ControlMarks;
  private readonly logger: Logger;

  constructor(given: {
    topic: string;
    admin: AdminConnection;
    producer: RecordProducer;
    marks: ControlMarks;
    logger: Logger;
  }) {
    this.topic = given.topic;
    this.admin = given.admin;
    this.producer = given.producer;
    this.marks = given.marks;
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
      await this.marks.told(pending);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      this.logger.warn({ webhook_id: pending.webhookId }, `the mark of a told change stays: ${messageOf(error)}`);
    }
  }
}
