import { messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Consumer } from 'kafkajs';

import type { OwnedPartition, PartitionSet } from './owned-partition.ts';

/** The longest delay a timer takes (2^31 - 1 ms); the head is simply looked at again after it. */
const MAX_TIMER_MS = 2_147_483_647;

/** Which partitions nothing is fetched from for a while. */
export class Pauses {
  private readonly consumer: Pick<Consumer, 'pause' | 'resume'>;
  private readonly partitions: PartitionSet;
  private readonly logger: Logger;

  constructor(consumer: Pick<Consumer, 'pause' | 'resume'>, partitions: PartitionSet, logger: Logger) {
    this.consumer = consumer;
    this.partitions = partitions;
    this.logger = logger;
  }

  /** Nothing comes from a partition for a time, if it is still owned. */
  begin(partition: OwnedPartition, waitMs: number): void {
    if (this.partitions.get(partition.topic, partition.partition) !== partition) return;
    this.whileRunning(() => this.consumer.pause(targetOf(partition)));
    partition.resumeLater(Math.min(waitMs, MAX_TIMER_MS), () =>
      this.whileRunning(() => this.consumer.resume(targetOf(partition))),
    );
  }

  /** Nothing comes from a partition any more in this assignment. */
  stop(partition: OwnedPartition): void {
    partition.forget();
    this.whileRunning(() => this.consumer.pause(targetOf(partition)));
  }

  /** Nothing comes from any partition any more in this assignment. */
  stopAll(): void {
    const all = this.partitions.all();
    for (const partition of all) partition.forget();
    if (all.length > 0) this.whileRunning(() => this.consumer.pause(all.flatMap(targetOf)));
  }

  /** A new assignment begins with nothing paused. */
  endAll(assignment: Readonly<Record<string, number[]>>): void {
    const assigned = Object.entries(assignment).map(([topic, partitions]) => ({ topic, partitions }));
    this.whileRunning(() => this.consumer.resume(assigned));
  }

  /** While it restarts, the client has no group in which something could pause; the next assignment begins with nothing paused. */
  private whileRunning(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.logger.debug({ err: error }, `the client restarts: ${messageOf(error)}`);
    }
  }
}

function targetOf({ topic, partition }: OwnedPartition): Array<{ topic: string; partitions: number[] }> {
  return [{ topic, partitions: [partition] }];
}
