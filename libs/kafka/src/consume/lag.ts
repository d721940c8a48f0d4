import type { Logger } from '#libs/runtime';

import type { AdminConnection } from '../client/admin-connection.ts';

const MEASURE_EVERY_MS = 10_000;

/** Measures how many records of the owned partitions lie behind the group's commits. */
export class Lag {
  private readonly admin: AdminConnection;
  private readonly groupId: string;
  private readonly owned: () => ReadonlyMap<string, ReadonlySet<number>>;
  private readonly logger: Logger;
  private measured: ReadonlyMap<string, number> = new Map();
  private timer: NodeJS.Timeout | undefined;

  /** @param given.owned the partitions owned now, by topic. */
  constructor(given: {
    admin: AdminConnection;
    groupId: string;
    owned: () => ReadonlyMap<string, ReadonlySet<number>>;
    logger: Logger;
  }) {
    this.admin = given.admin;
    this.groupId = given.groupId;
    this.owned = given.owned;
    this.logger = given.logger;
  }

  start(): void {
    this.timer = setInterval(() => void this.measure(), MEASURE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Records by topic, as they were measured last; none of a topic that is not owned any more. */
  get byTopic(): ReadonlyMap<string, number> {
    const owned = this.owned();
    return new Map([...this.measured].filter(([topic]) => owned.has(topic)));
  }

  /** Measures now. While Kafka does not answer, the last figures stay. */
  async measure(): Promise<void> {
    const owned = this.owned();
    const topics = [...owned.keys()];
    if (topics.length === 0) return;
    try {
      const commits = await this.admin.use((admin) => admin.fetchOffsets({ groupId: this.groupId, topics }));
      const measured = new Map<string, number>();
      for (const { topic, partitions } of commits) {
        const committed = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        const ends = await this.admin.use((admin) => admin.fetchTopicOffsets(topic));
        const behind = ends
          .filter(({ partition }) => owned.get(topic)?.has(partition))
          .map(({ partition, low, high }) => Number(high) - Math.max(Number(low), committed.get(partition) ?? 0));
        measured.set(
          topic,
          behind.reduce((sum, records) => sum + Math.max(0, records), 0),
        );
      }
      this.measured = measured;
    } catch (error) {
      this.logger.debug({ err: error }, 'lag not measured');
    }
  }
}
