import { setTimeout as delay } from 'node:timers/promises';

import { ensureTopics, type Kafka, topicPlan, type TopicPlan } from '#libs/kafka';
import { createLogger, readEnvironment } from '#libs/runtime';

const GROUP_LIMIT_MS = 20_000;
const ASK_AGAIN_MS = 100;

/** Topics and groups of their own, under a prefix of their own, with the environment of the workers that use them. */
export class Site {
  readonly env: NodeJS.ProcessEnv;
  readonly plan: TopicPlan;
  private readonly kafka: Kafka;

  private constructor(kafka: Kafka, env: NodeJS.ProcessEnv) {
    this.kafka = kafka;
    this.env = env;
    this.plan = topicPlan(readEnvironment(env));
  }

  /** Creates the topics. */
  static async open(kafka: Kafka, prefix: string, env: NodeJS.ProcessEnv): Promise<Site> {
    const site = new Site(kafka, { ...env, TOPIC_PREFIX: prefix });
    await ensureTopics(kafka, site.plan, createLogger('bench', 'silent'));
    return site;
  }

  /** Forgets how far the workers have read, so that the next one reads everything; waits for the members of the group to be gone. */
  async rewind(): Promise<void> {
    await this.withAdmin(async (admin) => {
      const deadline = Date.now() + GROUP_LIMIT_MS;
      for (;;) {
        try {
          await admin.deleteGroups([this.plan.groups.delivery]);
          return;
        } catch (error) {
          if (Date.now() > deadline) throw error;
        }
        await delay(ASK_AGAIN_MS);
      }
    });
  }

  /** How many records of the event topic the group has not committed. */
  async uncommitted(): Promise<number> {
    const topic = this.plan.events.name;
    return this.withAdmin(async (admin) => {
      const [ends, committed] = await Promise.all([
        admin.fetchTopicOffsets(topic),
        admin.fetchOffsets({ groupId: this.plan.groups.delivery, topics: [topic] }),
      ]);
      const positions = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return ends.reduce((sum, { partition, low, high }) => {
        const position = positions.get(partition) ?? -1;
        return sum + Number(high) - Math.max(position, Number(low));
      }, 0);
    });
  }

  /** Deletes the topics: their disk space is wanted. */
  async close(): Promise<void> {
    await this.withAdmin(async (admin) => {
      const prefix = this.env['TOPIC_PREFIX'] ?? '';
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    });
  }

  private async withAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
