import type { Admin, Kafka } from 'kafkajs';

/** A position up to which everything is settled. */
export interface CommittedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Removes settled records from topics that keep records without a time limit. */
export class RecordRemover {
  private readonly kafka: Kafka;
  private admin: Promise<Admin> | undefined;

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /** Removes every record before the given positions. @throws when Kafka does not answer; nothing is lost by trying again. */
  async removeBefore(positions: readonly CommittedPosition[]): Promise<void> {
    const admin = await this.connected();
    const topics = Map.groupBy(positions, ({ topic }) => topic);
    for (const [topic, entries] of topics) {
      await admin.deleteTopicRecords({
        topic,
        partitions: entries.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
      });
    }
  }

  async close(): Promise<void> {
    const admin = await this.admin?.catch(() => undefined);
    await admin?.disconnect();
  }

  private connected(): Promise<Admin> {
    this.admin ??= this.connect().catch((error: unknown) => {
      this.admin = undefined;
      throw error;
    });
    return this.admin;
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}
