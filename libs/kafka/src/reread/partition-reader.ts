import { randomUUID } from 'node:crypto';

import { messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';

import type { AdminConnection } from '../client/admin-connection.ts';
import { within } from '../client/within.ts';
import { TakenRecords } from '../consume/taken-records.ts';
import type { KafkaRecord } from '../record.ts';
import type { TopicPartition } from './partition-log.ts';
import { assignerOf } from './single-partition-assigner.ts';

/** Records of a partition from an offset on, before another. */
export interface LogSpan extends TopicPartition {
  readonly from: number;
  readonly to: number;
}

/**
 * Takes some records, in the order of the log. The next ones are read when it resolves; with false, none.
 *
 * @param next the offset behind them; no record of the span lies between the last of them and this
 */
export type TakeRecords = (records: readonly KafkaRecord[], next: number) => Promise<boolean>;

const SESSION_TIMEOUT_MS = 30_000;
const HEARTBEAT_EVERY_MS = 3_000;
const MAX_WAIT_MS = 500;
const FETCH_BYTES = 1024 * 1024;
const CLOSE_LIMIT_MS = 5_000;

/** Reads a span of one partition again, beside whoever consumes the topic: in a group of its own, which commits nothing and is removed. */
export class PartitionReader {
  private readonly kafka: Kafka;
  private readonly admin: AdminConnection;
  private readonly groupStem: string;
  private readonly logger: Logger;

  constructor(given: { kafka: Kafka; admin: AdminConnection; groupStem: string; logger: Logger }) {
    this.kafka = given.kafka;
    this.admin = given.admin;
    this.groupStem = given.groupStem;
    this.logger = given.logger;
  }

  /**
   * Resolves when the span is read, `take` wanted no more, or `signal` aborts.
   *
   * @throws UnavailableError when Kafka stops answering; whatever `take` throws
   */
  async read(span: LogSpan, take: TakeRecords, signal: AbortSignal): Promise<void> {
    if (span.from >= span.to || signal.aborted) return;
    const groupId = this.groupStem + randomUUID();
    const consumer = this.kafka.consumer({
      groupId,
      partitionAssigners: [assignerOf(span)],
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_EVERY_MS,
      maxWaitTimeInMs: MAX_WAIT_MS,
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
    });
    try {
      await new SpanReading(consumer, span, take).run(signal);
    } finally {
      await within(CLOSE_LIMIT_MS, consumer.disconnect()).catch(() => undefined);
      // Kafka removes a group without members and commits by itself, but later.
      await this.admin
        .use((admin) => admin.deleteGroups([groupId]))
        .catch((error: unknown) => this.logger.debug({ group: groupId }, `group not removed: ${messageOf(error)}`));
    }
  }
}

/** One span being read. */
class SpanReading {
  private readonly consumer: Consumer;
  private readonly span: LogSpan;
  private readonly take: TakeRecords;
  private readonly over = Promise.withResolvers<void>();
  private readonly taken = new TakenRecords();
  private ended = false;
  private next: number;

  constructor(consumer: Consumer, span: LogSpan, take: TakeRecords) {
    this.consumer = consumer;
    this.span = span;
    this.take = take;
    this.next = span.from;
    // It may fail before anybody waits for it.
    this.over.promise.catch(() => undefined);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { topic, partition, to } = this.span;
    const { consumer } = this;
    signal.addEventListener('abort', () => this.end(), { once: true });
    // At this moment the client has its partition and has not fetched from it yet.
    consumer.on('consumer.group_join', () => consumer.seek({ topic, partition, offset: String(this.next) }));
    consumer.on('consumer.crash', ({ payload }) => this.fail(unavailable(payload.error)));
    // Also told of batches in which there is nothing to take, such as the marks of transactions.
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      if (Number(payload.lastOffset) + 1 >= to) this.end();
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: true,
        eachBatch: (payload) => this.takeBatch(payload),
      });
    } catch (error) {
      throw unavailable(error);
    }
    await this.over.promise;
  }

  private async takeBatch({ batch, heartbeat }: EachBatchPayload): Promise<void> {
    if (this.ended) return;
    const { topic, partition, to } = this.span;
    const beats = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_EVERY_MS);
    try {
      const records = batch.messages
        .map((message) => this.taken.from(topic, partition, message))
        .filter(({ offset }) => offset >= this.next && offset < to);
      const next = Math.min(to, Number(batch.lastOffset()) + 1);
      if (!(await this.take(records, next))) this.end();
      this.next = next;
    } catch (error) {
      this.fail(error);
    } finally {
      clearInterval(beats);
    }
  }

  private end(): void {
    this.ended = true;
    this.over.resolve();
  }

  private fail(error: unknown): void {
    this.ended = true;
    this.over.reject(error);
  }
}

function unavailable(cause: unknown): UnavailableError {
  return new UnavailableError('kafka', `Kafka does not answer: ${messageOf(cause)}`, { cause });
}
