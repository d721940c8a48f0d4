import { parseTier, type Tier } from '#libs/domain';
import type { Environment } from '#libs/runtime';

/** A topic the project creates. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  /** The largest record batch it accepts, in bytes. */
  readonly maxBytes: number;
  readonly config: Readonly<Record<string, string>>;
}

/** A retry topic and the delay it stands for. */
export interface RetryTopic extends TopicSpec {
  readonly tier: Tier;
}

/** Every topic and consumer group of an installation. */
export interface TopicPlan {
  readonly events: TopicSpec;
  readonly rejected: TopicSpec;
  readonly deadLetters: TopicSpec;
  /** The trail of attempts, from which the ledger is made. */
  readonly attempts: TopicSpec;
  /** Events that replays deliver once more: a tier without a delay. */
  readonly replays: TopicSpec;
  /** One per tier of the schedule, the shortest first. */
  readonly retries: readonly RetryTopic[];
  readonly groups: {
    readonly delivery: string;
    readonly retry: string;
    readonly ledger: string;
    /** What the names of the throw-away groups begin with that re-read the log. */
    readonly replayStem: string;
  };
  /** The topic of a tier, also of one that is not in the schedule. */
  retryTopic(tier: Tier): RetryTopic;
  /** The tier that a topic's name stands for; undefined when it is not a retry topic. */
  tierOf(topic: string): Tier | undefined;
}

type TopicSettings = Pick<
  Environment,
  | 'TOPIC_PREFIX'
  | 'TOPIC_PARTITIONS'
  | 'TOPIC_REPLICATION'
  | 'TOPIC_MIN_INSYNC_REPLICAS'
  | 'EVENT_RETENTION'
  | 'EVENT_MAX_BYTES'
  | 'ATTEMPT_RETENTION'
  | 'RETRY_SCHEDULE'
>;

/** Derived records carry headers of ours besides the original bytes, so that what fitted once always fits again. */
const DERIVED_EXTRA_BYTES = 64 * 1024;
const RETRY_STEM = 'webhook-retry-';
const NO_LIMIT = -1;
/**
 * The broker keeps no record compressed, whatever its producer did: the client reads gzip only, and copies what it read without
 * compressing it, which has to fit again.
 */
const READABLE = { 'compression.type': 'uncompressed' } as const;
/** Many attempt records go in one batch. One holds figures, the first KiB of an answer, and the event's names, which may be most of it. */
const LEAST_FOR_ATTEMPTS = 1024 * 1024;

/** All names, sizes and settings of topics, in one place. Partitions other than those of `resource-events` follow in proportion. */
export function topicPlan(settings: TopicSettings): TopicPlan {
  const prefix = settings.TOPIC_PREFIX;
  const share = (divisor: number): number => Math.max(1, Math.ceil(settings.TOPIC_PARTITIONS / divisor));
  const derivedBytes = settings.EVENT_MAX_BYTES + DERIVED_EXTRA_BYTES;
  const attemptBytes = Math.max(derivedBytes, LEAST_FOR_ATTEMPTS);

  const topic = (stem: string, partitions: number, maxBytes: number, retentionMs: number, appendTime: boolean) => ({
    name: prefix + stem,
    partitions,
    replication: settings.TOPIC_REPLICATION,
    maxBytes,
    config: {
      'retention.ms': String(retentionMs),
      // Whatever the brokers' default is: a time without end is to be one, and that of the others is what the operator set.
      'retention.bytes': String(NO_LIMIT),
      'cleanup.policy': 'delete',
      'max.message.bytes': String(maxBytes),
      'min.insync.replicas': String(settings.TOPIC_MIN_INSYNC_REPLICAS),
      'message.timestamp.type': appendTime ? 'LogAppendTime' : 'CreateTime',
      ...READABLE,
    },
  });
  const retryTopic = (tier: Tier): RetryTopic => ({
    ...topic(RETRY_STEM + tier.name, share(4), derivedBytes, NO_LIMIT, true),
    tier,
  });

  return {
    events: topic(
      'resource-events',
      settings.TOPIC_PARTITIONS,
      settings.EVENT_MAX_BYTES,
      settings.EVENT_RETENTION,
      false,
    ),
    rejected: topic('rejected-events', share(8), derivedBytes, NO_LIMIT, true),
    deadLetters: topic('webhook-dead-letters', share(8), derivedBytes, NO_LIMIT, true),
    attempts: topic('webhook-attempts', share(2), attemptBytes, settings.ATTEMPT_RETENTION, false),
    replays: topic('webhook-replays', share(4), derivedBytes, NO_LIMIT, true),
    retries: settings.RETRY_SCHEDULE.tiers.map(retryTopic),
    groups: {
      delivery: `${prefix}webhook-delivery`,
      retry: `${prefix}webhook-retry`,
      ledger: `${prefix}webhook-ledger`,
      replayStem: `${prefix}webhook-replay-`,
    },
    retryTopic,
    tierOf: (name) =>
      name.startsWith(prefix + RETRY_STEM) ? parseTier(name.slice((prefix + RETRY_STEM).length)) : undefined,
  };
}

/** The topics that have to exist before anything is sent. */
export function plannedTopics(plan: TopicPlan): readonly TopicSpec[] {
  return [plan.events, plan.rejected, plan.deadLetters, plan.attempts, plan.replays, ...plan.retries];
}
