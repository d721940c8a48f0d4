import { ConfigurationError, messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Admin } from 'kafkajs';

import { plannedTopics, type RetryTopic, type TopicPlan, type TopicSpec } from './topic-plan.ts';

const WAIT_FOR_LEADERS_MS = 10_000;
const LOOKS = 20;
const LOOK_AGAIN_MS = 250;
/** What a busy broker says of topics that it has just taken on; the client waits for leaders, but not for this. */
const NOT_THERE_YET = 'UNKNOWN_TOPIC_OR_PARTITION';

/** What a partition without a settled leader is answered with. */
const NOT_LED_YET = new Set([NOT_THERE_YET, 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

type TopicAdmin = Pick<Admin, 'connect' | 'disconnect' | 'listTopics' | 'createTopics' | 'fetchTopicOffsets'>;

/** What topics are created with: a Kafka client. */
export interface TopicClient {
  admin(): TopicAdmin;
}

/**
 * Creates the topics that are missing. Existing ones are left as they are: changing partitions would break the order per customer.
 * Resolves when the partitions of all have a leader that answers, or after some seconds without: a consumer that begins before
 * joins its group anew for each answer that it does not get.
 *
 * @throws ConfigurationError when the cluster cannot hold the replicas asked for; UnavailableError when Kafka does not answer.
 */
export async function ensureTopics(kafka: TopicClient, plan: TopicPlan, logger: Logger): Promise<void> {
  await withAdmin(kafka, async (admin) => {
    await create(admin, plan, logger);
    await awaitLeaders(admin, plan);
  });
}

async function create(admin: TopicAdmin, plan: TopicPlan, logger: Logger): Promise<void> {
  for (let look = 1; ; look += 1) {
    const existing = new Set(await admin.listTopics());
    const missing = plannedTopics(plan).filter(({ name }) => !existing.has(name));
    if (missing.length === 0) return;
    try {
      await createMissing(admin, missing);
      logger.info({ topics: missing.map(({ name }) => name) }, 'topics created');
      return;
    } catch (error) {
      if (look === LOOKS || !errorTypes(error).includes(NOT_THERE_YET)) throw error;
    }
    await pause();
  }
}

async function awaitLeaders(admin: TopicAdmin, plan: TopicPlan): Promise<void> {
  let looks = 1;
  for (const { name } of plannedTopics(plan)) {
    for (; !(await isLed(admin, name)); looks += 1) {
      if (looks === LOOKS) return;
      await pause();
    }
  }
}

/** Any other refusal, of a topic that this app may not read, is not for us to wait for. */
async function isLed(admin: TopicAdmin, topic: string): Promise<boolean> {
  try {
    await admin.fetchTopicOffsets(topic);
    return true;
  } catch (error) {
    const types = errorTypes(error);
    if (types.length === 0) throw error;
    return !types.some((type) => NOT_LED_YET.has(type));
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
}

/** The retry topics of the schedule, and those of tiers that left it but still exist: they are drained, not forgotten. */
export async function retryTopicsToDrain(kafka: TopicClient, plan: TopicPlan): Promise<readonly RetryTopic[]> {
  const names = await withAdmin(kafka, (admin) => admin.listTopics());
  const scheduled = new Set(plan.retries.map(({ name }) => name));
  const former = names.flatMap((name) => {
    const tier = scheduled.has(name) ? undefined : plan.tierOf(name);
    return tier ? [plan.retryTopic(tier)] : [];
  });
  return [...plan.retries, ...former];
}

async function createMissing(admin: TopicAdmin, missing: readonly TopicSpec[]): Promise<void> {
  try {
    await admin.createTopics({
      waitForLeaders: true,
      timeout: WAIT_FOR_LEADERS_MS,
      topics: missing.map(({ name, partitions, replication, config }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    });
  } catch (error) {
    const types = errorTypes(error);
    if (types.length > 0 && types.every((type) => type === 'TOPIC_ALREADY_EXISTS')) return;
    if (types.includes('INVALID_REPLICATION_FACTOR')) {
      throw new ConfigurationError(
        'TOPIC_REPLICATION is larger than the number of Kafka brokers; set it (and TOPIC_MIN_INSYNC_REPLICAS) to what the cluster has',
        { cause: error },
      );
    }
    throw error;
  }
}

function errorTypes(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.flatMap(errorTypes);
  return 'type' in error && typeof error.type === 'string' ? [error.type] : [];
}

async function withAdmin<T>(kafka: TopicClient, use: (admin: TopicAdmin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await use(admin);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new UnavailableError('kafka', `Kafka does not answer: ${messageOf(error)}`, { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
