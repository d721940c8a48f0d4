import { type Clock, messageOf, type Pressure } from '#libs/domain';
import type { Logger, MetricsRegistry } from '#libs/runtime';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';

import { AdminConnection } from '../client/admin-connection.ts';
import { ConsumerMetrics } from '../metrics/consumer-metrics.ts';
import type { KafkaRecord } from '../record.ts';
import type { CommittedPosition } from '../topics/record-remover.ts';
import { BatchTaker } from './batch-taker.ts';
import { Committer } from './committer.ts';
import { FormerOwner } from './former-owner.ts';
import { type HandleRecords, HandOver, type RecordContext } from './hand-over.ts';
import { Intake } from './intake.ts';
import { Lag } from './lag.ts';
import { PartitionSet } from './owned-partition.ts';
import { Pace } from './pace.ts';
import { Pauses } from './pauses.ts';
import { assignerWithHook, assignmentOf, type ConsumerGroup } from './rebalance-hook.ts';
import { TopicWatch } from './topic-watch.ts';
import { Window } from './window.ts';

export interface OrderedConsumerOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Bound on unsettled bytes of the whole process. */
  readonly unsettledBytes: number;
  /** Bound on the span between the oldest unsettled and the newest taken offset of a partition. */
  readonly unsettledSpan: number;
  /** How long a shutdown waits for what is in flight, in milliseconds. */
  readonly drainLimitMs: number;
  /** How long a fetch waits for records, in milliseconds. */
  readonly maxWaitMs?: number;
  /** How often it is looked whether the topics still exist, in milliseconds. */
  readonly lookEveryMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly handle: HandleRecords;
  /** Whether the event loop is the bottleneck: then no more is taken than keeps it busy. */
  readonly busy?: () => boolean;
  /** About how many records wait for endpoints that do not answer: they do not keep it busy. Cheap to ask. */
  readonly unanswered?: () => number;
  /** When a record may be taken, in milliseconds since the epoch; its partition pauses until then. */
  readonly dueAt?: (record: KafkaRecord) => number;
  /** Called on every assignment, before any record of it is handled. */
  readonly onAssigned?: () => void;
  /** Called when the consumer has ended and will not come back by itself. */
  readonly onCrash: (error: Error) => void;
}

const SESSION_TIMEOUT_MS = 10_000;
const REBALANCE_DRAIN_MS = 6_000;
const COMMIT_EVERY_MS = 1_000;
const HEARTBEAT_EVERY_MS = 1_000;
/** Records under way from which on a busy worker takes no more: more would only wait longer, and fill the memory. */
const ENOUGH_WHEN_BUSY = 1_000;
/** One answer of a broker: small enough that taking it apart does not hold up the answers of endpoints. */
const FETCH_BYTES = 2 * 1024 * 1024;
/** Of one partition: an answer holds records of several, since those of one are of few resources, and wait for each other. */
const FETCH_BYTES_OF_PARTITION = 256 * 1024;
/** Batches of one fetch that are taken side by side: one that waits for room does not hide the others. */
const PARTITIONS_AT_ONCE = 64;

/**
 * Reads topics as a consumer group, hands records to `handle` in the order of the log without waiting for it, and commits, per
 * partition, the smallest offset that is not settled yet.
 */
export class OrderedConsumer {
  private readonly options: OrderedConsumerOptions;
  private readonly logger: Logger;
  private readonly consumer: Consumer;
  private readonly window: Window;
  private readonly partitions = new PartitionSet();
  private readonly committer: Committer;
  private readonly intake: Intake;
  private readonly pauses: Pauses;
  private readonly taker: BatchTaker;
  private readonly admin: AdminConnection;
  private readonly formerOwner: FormerOwner;
  private readonly lag: Lag;
  private readonly topicWatch: TopicWatch;
  private readonly metrics: ConsumerMetrics;
  /** Resolves when the partitions of the newest assignment may be taken from. */
  private assignment: Promise<void> = Promise.resolve();
  private epoch = 0;
  /** Of every record taken in this epoch. */
  private context: RecordContext = this.contextOf(0);
  private taking = false;
  private joined = false;
  private crashes = 0;
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: OrderedConsumerOptions) {
    this.options = options;
    this.logger = options.logger.child({ group: options.groupId });
    this.window = new Window(options.unsettledBytes);
    this.committer = new Committer(this.partitions, this.logger);
    this.intake = new Intake(options.unsettledSpan);
    const { busy = () => false, unanswered, unsettledSpan, clock, dueAt } = options;
    this.taker = new BatchTaker({
      window: this.window,
      intake: this.intake,
      pace: new Pace(ENOUGH_WHEN_BUSY, busy, () => performance.now(), unanswered),
      handOver: new HandOver(options.handle, this.logger),
      unsettledSpan,
      clock,
      dueAt,
      pause: (partition, waitMs) => this.pauses.begin(partition, waitMs),
      ended: () => this.partitions.changed(),
    });
    this.admin = new AdminConnection(options.kafka);
    this.formerOwner = new FormerOwner(this.admin, options.groupId);
    const owned = (): ReadonlyMap<string, ReadonlySet<number>> => this.partitions.byTopic();
    this.lag = new Lag({ admin: this.admin, groupId: options.groupId, owned, logger: this.logger });
    this.topicWatch = new TopicWatch({
      admin: this.admin,
      topics: options.topics,
      everyMs: options.lookEveryMs,
      missed: (topics) => this.drop(topics),
      gone: options.onCrash,
    });
    this.metrics = new ConsumerMetrics(options.metrics, {
      joined: () => this.ready(),
      partitions: () => this.partitions.all(),
      lag: () => this.lag.byTopic,
      unsettledBytes: () => this.window.bytes,
      unsettledLimit: options.unsettledBytes,
      now: () => options.clock.now(),
    });
    this.consumer = options.kafka.consumer({
      groupId: options.groupId,
      partitionAssigners: [
        assignerWithHook({
          beforeJoin: (group) => this.beforeJoin(group),
          again: (failure) => this.joinAgain(failure),
          assignment: () => this.context,
          outOfRange: (topic, partition) => this.outOfRange(topic, partition),
        }),
      ],
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_EVERY_MS,
      maxWaitTimeInMs: options.maxWaitMs ?? 500,
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: FETCH_BYTES_OF_PARTITION,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: Number.MAX_SAFE_INTEGER },
    });
    this.pauses = new Pauses(this.consumer, this.partitions, this.logger);
  }

  /** Joins the group and begins to take records. */
  async start(): Promise<void> {
    this.consumer.on('consumer.group_join', ({ payload }) => {
      this.assignment = this.assigned(payload.memberAssignment);
    });
    this.consumer.on('consumer.crash', ({ payload }) => {
      this.joined = false;
      this.crashes += 1;
      if (!payload.restart) this.options.onCrash(payload.error);
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.take(payload),
    });
    this.timer = setInterval(() => void this.committer.commit(), COMMIT_EVERY_MS);
    this.lag.start();
    this.topicWatch.start();
  }

  /** Whether the consumer is a member of its group now. */
  ready(): boolean {
    return this.joined && !this.stopping;
  }

  /** Committed positions of the partitions owned now. */
  committed(): readonly CommittedPosition[] {
    return this.committer.committed();
  }

  /** Why nothing is taken, and for whom records wait; undefined while there is room. */
  pressure(): Pressure | undefined {
    return this.intake.pressure();
  }

  /** Takes nothing new, waits for what is in flight, commits and leaves the group. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.taking = false;
    this.pauses.stopAll();
    const left = await this.partitions.drained(this.options.drainLimitMs);
    if (left > 0) this.logger.warn({ unsettled: left }, 'drain limit reached; these records come again');
    clearInterval(this.timer);
    this.lag.stop();
    this.topicWatch.stop();
    await this.committer.commit();
    this.endEpoch();
    await Promise.all([this.consumer.disconnect(), this.admin.close()]);
  }

  private async take({ batch, resolveOffset, heartbeat, isStale }: EachBatchPayload): Promise<void> {
    const { context } = this;
    // Asked for before the group was joined again: it begins where the former assignment had come to, above what was not settled.
    if (assignmentOf(batch) !== context) return;
    await this.assignment;
    const partition = this.partitions.get(batch.topic, batch.partition);
    const isOurs = (): boolean => this.partitions.get(batch.topic, batch.partition) === partition;
    const wanted = (): boolean => context.isCurrent() && this.taking && !isStale() && isOurs();
    if (!partition || !wanted()) return;
    let last: KafkaMessage | undefined;
    const taken = (message: KafkaMessage): void => void (last = message);
    try {
      await this.taker.take({ partition, messages: batch.messages, context, wanted, heartbeat, taken });
    } finally {
      if (last && context.isCurrent() && isOurs()) resolveOffset(last.offset);
    }
  }

  /** The client waits for this before it joins: what is in flight gets a bounded time, the prefix is committed, the rest is dropped. */
  private async beforeJoin(group: ConsumerGroup): Promise<void> {
    this.taking = false;
    this.joined = false;
    if (!this.partitions.empty) {
      const left = await this.partitions.drained(REBALANCE_DRAIN_MS);
      if (left > 0) this.logger.warn({ unsettled: left }, 'rebalance: these records come again');
      await this.committer.commit();
    }
    this.endEpoch();
    this.committer.group = group;
  }

  private joinAgain(failure: unknown): boolean {
    if (this.stopping) return false;
    this.logger.warn({ err: failure }, `not a member of the group yet, trying again: ${messageOf(failure)}`);
    return true;
  }

  /**
   * The log ends before the position in it, or begins above it: it was made anew, cut, or what was not read has expired. The client goes on
   * where the log begins, and whatever is there is taken: it may be new.
   */
  private outOfRange(topic: string, partition: number): void {
    this.logger.error(
      { topic, partition },
      'the log no longer holds the position in it: reading it from its beginning',
    );
    // Control records may be among what is not read.
    if (this.partitions.renew(topic, partition)) this.options.onAssigned?.();
  }

  /** How far a topic that was deleted was read must not be committed in one that takes its place. */
  private drop(topics: readonly string[]): void {
    this.logger.error({ topics }, 'topics are missing: nothing of them is committed any more');
    for (const owned of this.partitions.all()) {
      if (!topics.includes(owned.topic)) continue;
      this.partitions.drop(owned.topic, owned.partition);
      this.pauses.stop(owned);
    }
  }

  private endEpoch(): void {
    this.epoch += 1;
    this.context = this.contextOf(this.epoch);
    this.intake.clear();
    this.partitions.clear();
  }

  private contextOf(epoch: number): RecordContext {
    return { isCurrent: () => epoch === this.epoch };
  }

  private async assigned(assignment: Readonly<Record<string, number[]>>): Promise<void> {
    this.endEpoch();
    if (this.stopping) return;
    const { epoch, crashes } = this;
    const partitions = await this.formerOwner.partitions(assignment).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'commits not read: what was settled above them comes again');
      return this.formerOwner.withoutCommits(assignment);
    });
    if (epoch !== this.epoch || crashes !== this.crashes) return;
    this.partitions.assign(partitions);
    this.pauses.endAll(assignment);
    this.options.onAssigned?.();
    this.metrics.assigned();
    void this.lag.measure();
    this.joined = true;
    this.taking = !this.stopping;
    this.logger.info({ assignment }, 'partitions assigned');
  }
}
