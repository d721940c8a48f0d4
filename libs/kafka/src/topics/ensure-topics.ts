import { ConfigurationError, messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Admin } from 'kafkajs';

import { plannedTopics, type RetryTopic, type TopicPlan, type TopicSpec } from './topic-plan.ts';

const WAIT_FOR_LEADERS_MS = 10_000;
const LOOKS = 20;
const LOOK_AGAIN_MS = 250;
/** What a busy broker says of topics that it has just taken on; the client waits for leaders, but not for this. */
const NOT_THERE_YET = 'UNKNOWN_TOPIC_OR_PARTITION';

type TopicAdmin = Pick<Admin, 'connect' | 'disconnect' | 'listTopics' | 'createTopics'>;

/** What topics are created with: a Kafka client. */
export interface TopicClient {
  admin(): TopicAdmin;
}

/**
 * Creates the topics that are missing. Existing ones are left as they are: changing partitions would break the order per customer.
 *
 * @throws ConfigurationError when the cluster cannot hold the replicas asked for; UnavailableError when Kafka does not answer.
 */
export async function ensureTopics(kafka: TopicClient, plan: TopicPlan, logger: Logger): Promise<void> {
  await withAdmin(kafka, async (admin) => {
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
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  });
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
