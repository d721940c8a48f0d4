import type { AdminConnection } from '../client/admin-connection.ts';

/** A position up to which everything is settled. */
export interface CommittedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Removes settled records from topics that keep records without a time limit. */
export class RecordRemover {
  private readonly admin: AdminConnection;

  constructor(admin: AdminConnection) {
    this.admin = admin;
  }

  /** Removes every record before the given positions. @throws UnavailableError; nothing is lost by trying again. */
  async removeBefore(positions: readonly CommittedPosition[]): Promise<void> {
    for (const [topic, entries] of Map.groupBy(positions, (position) => position.topic)) {
      const partitions = entries.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
      await this.admin.use(async (admin) => {
        // The client does not look up the partitions' leaders by itself for this request.
        await admin.fetchTopicMetadata({ topics: [topic] });
        await admin.deleteTopicRecords({ topic, partitions });
      });
    }
  }
}
