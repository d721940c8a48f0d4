import type { Logger } from '#libs/runtime';

import { within } from '../client/within.ts';
import type { PartitionSet } from './owned-partition.ts';
import type { ConsumerGroup } from './rebalance-hook.ts';

const COMMIT_LIMIT_MS = 3_000;

/**
 * Commits what the owned partitions have settled. Only partitions of the newest assignment are ever committed, one request at a
 * time: Kafka accepts a commit for a partition that has a new owner, and it would rewind that owner.
 */
export class Committer {
  /** The group as the client joined it last. */
  group: ConsumerGroup | undefined;
  private readonly partitions: PartitionSet;
  private readonly logger: Logger;
  private running: Promise<void> = Promise.resolve();

  constructor(partitions: PartitionSet, logger: Logger) {
    this.partitions = partitions;
    this.logger = logger;
  }

  /** Commits what changed since the last time; a failure is logged and the next call tries again. */
  commit(): Promise<void> {
    this.running = this.running.then(() => this.commitNow());
    return this.running;
  }

  committed(): Array<{ topic: string; partition: number; offset: number }> {
    return this.partitions
      .all()
      .flatMap(({ topic, partition, committed }) =>
        committed === undefined ? [] : [{ topic, partition, offset: committed.offset }],
      );
  }

  private async commitNow(): Promise<void> {
    const due = this.partitions.all().flatMap((owned) => {
      const point = owned.tracker.commitPoint();
      const { committed } = owned;
      if (!point || (committed?.offset === point.offset && committed.metadata === point.metadata)) return [];
      return [{ owned, point }];
    });
    if (due.length === 0 || !this.group) return;
    const topics = new Map<string, Array<{ partition: number; offset: string; metadata: string | null }>>();
    for (const { owned, point } of due) {
      const entries = topics.get(owned.topic) ?? [];
      entries.push({ partition: owned.partition, offset: String(point.offset), metadata: point.metadata });
      topics.set(owned.topic, entries);
    }
    try {
      const offsets = { topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) };
      await within(COMMIT_LIMIT_MS, this.group.commitOffsets(offsets));
      for (const { owned, point } of due) owned.committed = point;
    } catch (error) {
      this.logger.debug({ err: error }, 'commit failed; the next one carries it');
    }
  }
}
