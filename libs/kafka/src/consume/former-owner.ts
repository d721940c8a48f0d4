import type { Admin } from 'kafkajs';

import { OwnedPartition } from './owned-partition.ts';
import { decodeSettled, type OffsetRange } from './settled-ranges.ts';

/** Where commits are read: an admin connection. */
export interface Commits {
  use<T>(request: (admin: Pick<Admin, 'fetchOffsets'>) => Promise<T>): Promise<T>;
}

/** Reads what the former owners of partitions left in their commits. */
export class FormerOwner {
  private readonly commits: Commits;
  private readonly groupId: string;

  constructor(commits: Commits, groupId: string) {
    this.commits = commits;
    this.groupId = groupId;
  }

  /** The partitions of an assignment, with what was settled above the committed offset. @throws UnavailableError */
  async partitions(assignment: Readonly<Record<string, number[]>>): Promise<readonly OwnedPartition[]> {
    const topics = Object.keys(assignment);
    if (topics.length === 0) return [];
    const answers = await this.commits.use((admin) => admin.fetchOffsets({ groupId: this.groupId, topics }));
    const settled = new Map<string, readonly OffsetRange[]>();
    for (const { topic, partitions } of answers) {
      for (const { partition, offset, metadata } of partitions)
        settled.set(`${topic}/${partition}`, decodeSettled(Number(offset), metadata));
    }
    return named(assignment).map(
      ({ topic, partition }) => new OwnedPartition(topic, partition, settled.get(`${topic}/${partition}`)),
    );
  }

  /** The same partitions when the commits cannot be read: what was settled above them is repeated. */
  withoutCommits(assignment: Readonly<Record<string, number[]>>): readonly OwnedPartition[] {
    return named(assignment).map(({ topic, partition }) => new OwnedPartition(topic, partition));
  }
}

function named(assignment: Readonly<Record<string, number[]>>): Array<{ topic: string; partition: number }> {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
