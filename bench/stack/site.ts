import { setTimeout as delay } from 'node:timers/promises';

import { ensureTopics, type Kafka, topicPlan, type TopicPlan } from '#libs/kafka';
import { createLogger, readEnvironment } from '#libs/runtime';

import { LogWriter } from '../data/log-writer.ts';

type Admin = ReturnType<Kafka['admin']>;

const GROUP_LIMIT_MS = 20_000;
const BROKER_LIMIT_MS = 10_000;
const ASK_AGAIN_MS = 100;

/** A busy broker does not know new topics yet, and the client does not always wait until it does. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + BROKER_LIMIT_MS; ;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(ASK_AGAIN_MS);
  }
}

/**
 * Topics and groups of their own, under a prefix of their own, with the environment of the workers that use them. The connections
 * are its own, too: a client that knew a topic which is deleted fails at every other one.
 */
export class Site {
  readonly env: NodeJS.ProcessEnv;
  readonly plan: TopicPlan;
  readonly writer: LogWriter;
  private readonly admin: Admin;

  private constructor(given: { env: NodeJS.ProcessEnv; plan: TopicPlan; writer: LogWriter; admin: Admin }) {
    this.env = given.env;
    this.plan = given.plan;
    this.writer = given.writer;
    this.admin = given.admin;
  }

  /** Creates the topics. */
  static async open(kafka: Kafka, prefix: string, given: NodeJS.ProcessEnv): Promise<Site> {
    const env = { ...given, TOPIC_PREFIX: prefix };
    const plan = topicPlan(readEnvironment(env));
    await insist(() => ensureTopics(kafka, plan, createLogger('bench', 'silent')));
    const admin = kafka.admin();
    await admin.connect();
    return new Site({ env, plan, writer: await LogWriter.open(kafka, plan.events.name), admin });
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

  private offsets(topic: string): ReturnType<Admin['fetchTopicOffsets']> {
    return insist(() => this.admin.fetchTopicOffsets(topic));
  }

  /** Deletes the topics: their disk space is wanted. */
  async close(): Promise<void> {
    await this.writer.close();
    const prefix = this.env['TOPIC_PREFIX'] ?? '';
    const topics = (await this.admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await this.admin.deleteTopics({ topics });
    await this.admin.disconnect();
  }
}
