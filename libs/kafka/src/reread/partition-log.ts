import { UnavailableError } from '#libs/domain';

import type { AdminConnection } from '../client/admin-connection.ts';
import { partitionOf } from '../produce/murmur2.ts';

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a partition holds. */
export interface LogBounds {
  /** The offset of its oldest record; the `end` when it is empty. */
  readonly start: number;
  /** The offset that the next record gets. */
  readonly end: number;
}

/** Finds records of a topic by their key and time. Every method throws UnavailableError when Kafka does not answer. */
export class PartitionLog {
  private readonly admin: AdminConnection;
  private readonly topic: string;

  constructor(admin: AdminConnection, topic: string) {
    this.admin = admin;
    this.topic = topic;
  }

  /** The partition in which producers put records of a key. */
  async partitionOf(key: string): Promise<number> {
    const partitions = await this.admin.partitionCount(this.topic);
    if (partitions === 0) throw new UnavailableError('kafka', `the topic ${this.topic} does not exist yet`);
    return partitionOf(key, partitions);
  }

  async bounds(partition: number): Promise<LogBounds> {
    const all = await this.admin.use((admin) => admin.fetchTopicOffsets(this.topic));
    const found = all.find((one) => one.partition === partition);
    if (!found) throw new UnavailableError('kafka', `nobody leads ${this.topic}/${partition}`);
    return { start: Number(found.low), end: Number(found.high) };
  }

  /** The first offset whose record has this time or a later one, in milliseconds since the epoch; the end when there is none. */
  async offsetAt(partition: number, time: number): Promise<number> {
    // Negative times mean other things to Kafka, or nothing: -1 is the end of the log.
    const from = Math.max(0, time);
    const all = await this.admin.use((admin) => admin.fetchTopicOffsetsByTimestamp(this.topic, from));
    const found = all.find((one) => one.partition === partition);
    if (!found) throw new UnavailableError('kafka', `nobody leads ${this.topic}/${partition}`);
    return Number(found.offset);
  }

  /**
   * The time of the oldest record, in milliseconds since the epoch. Kafka tells offsets of times, not times of offsets, so it is
   * searched for: the latest time whose first offset is still that of the oldest record.
   *
   * @param start the offset of the oldest record
   * @param before a time after it
   */
  async startTime(partition: number, start: number, before: number): Promise<number> {
    let [from, to] = [0, before];
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if ((await this.offsetAt(partition, middle)) <= start) from = middle;
      else to = middle;
    }
    return from;
  }

  /** How long the topic keeps records, in milliseconds; undefined = without limit. */
  async retentionMs(): Promise<number | undefined> {
    const answer = await this.admin.use((admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: TOPIC_RESOURCE, name: this.topic, configNames: ['retention.ms'] }],
      }),
    );
    const value = Number(answer.resources[0]?.configEntries[0]?.configValue);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  }
}

/** Kafka's number for topics among the things that have settings. */
const TOPIC_RESOURCE = 2;
