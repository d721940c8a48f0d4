import { setTimeout as delay } from 'node:timers/promises';

import { ensureTopics, type Kafka, topicPlan, type TopicPlan } from '#libs/kafka';
import { createLogger, readEnvironment } from '#libs/runtime';

/** A client for a cluster's administration. */
export type Admin = ReturnType<Kafka['admin']>;

const GROUP_LIMIT_MS = 20_000;
const LEADER_LIMIT_MS = 10_000;
const ASK_AGAIN_MS = 100;

/** Topics and groups of their own, under a prefix of their own, with the environment of the workers that use them. */
export class Site {
  readonly env: NodeJS.ProcessEnv;
  readonly plan: TopicPlan;
  private readonly admin: Admin;

  private constructor(admin: Admin, env: NodeJS.ProcessEnv) {
    this.admin = admin;
    this.env = env;
    this.plan = topicPlan(readEnvironment(env));
  }

  /** Creates the topics. @param admin connected */
  static async open(kafka: Kafka, admin: Admin, prefix: string, env: NodeJS.ProcessEnv): Promise<Site> {
    const site = new Site(admin, { ...env, TOPIC_PREFIX: prefix });
    await ensureTopics(kafka, site.plan, createLogger('bench', 'silent'));
    return site;
  }

  /** Forgets how far the workers have read, so that the next one reads everything; waits for the group's members to be gone. */
  async rewind(): Promise<void> {
    const group = this.plan.groups.delivery;
    for (const deadline = Date.now() + GROUP_LIMIT_MS; ;) {
      const { groups } = await this.admin.describeGroups([group]);
      const state = groups[0]?.state;
      if (state === 'Dead') return;
      if (state === 'Empty') {
        await this.admin.deleteGroups([group]);
        return;
      }
      if (Date.now() > deadline) throw new Error(`the group ${group} still has members (${state})`);
      await delay(ASK_AGAIN_MS);
    }
  }

  /** Empties the event topic, and has the next worker begin at its end. */
  async clear(): Promise<void> {
    await this.rewind();
    const topic = this.plan.events.name;
    const full = (await this.offsets(topic)).filter(({ low, high }) => low !== high);
    if (full.length === 0) return;
    await this.admin.deleteTopicRecords({
      topic,
      partitions: full.map(({ partition, high }) => ({ partition, offset: high })),
    });
  }

  /** How many records lie in the retry topics and among the dead letters. */
  async movedAside(): Promise<number> {
    const topics = [...this.plan.retries, this.plan.deadLetters].map(({ name }) => name);
    const offsets = await Promise.all(topics.map((topic) => this.offsets(topic)));
    return offsets.flat().reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  }

  /** How many records of the event topic the group has not committed. */
  async uncommitted(): Promise<number> {
    const topic = this.plan.events.name;
    const [ends, committed] = await Promise.all([
      this.offsets(topic),
      this.admin.fetchOffsets({ groupId: this.plan.groups.delivery, topics: [topic] }),
    ]);
    const positions = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return ends.reduce((sum, { partition, low, high }) => {
      const position = positions.get(partition) ?? -1;
      return sum + Number(high) - Math.max(position, Number(low));
    }, 0);
  }

  /** The client does not wait for the leaders of a topic that is new. */
  private async offsets(topic: string): ReturnType<Admin['fetchTopicOffsets']> {
    for (const deadline = Date.now() + LEADER_LIMIT_MS; ;) {
      try {
        return await this.admin.fetchTopicOffsets(topic);
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await delay(ASK_AGAIN_MS);
    }
  }

  /** Deletes the topics: their disk space is wanted. */
  async close(): Promise<void> {
    const prefix = this.env['TOPIC_PREFIX'] ?? '';
    const topics = (await this.admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await this.admin.deleteTopics({ topics });
  }
}
