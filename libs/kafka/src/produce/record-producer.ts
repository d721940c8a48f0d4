import { CodedError, type LogPosition, messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Kafka, Producer } from 'kafkajs';

import { within } from '../client/within.ts';
import type { OutgoingRecord } from '../record.ts';
import { PartitionedMessage, rememberingPartitioner } from './partitioned-message.ts';
import { type Pending, RecordBuffer } from './record-buffer.ts';

const ACKS_ALL = -1;
const BROKER_TIMEOUT_MS = 5_000;
const LINGER_MS = 2;
const WRITE_LIMIT_MS = 15_000;
const CLOSE_LIMIT_MS = 3_000;
const DEFAULT_SEND_TIMEOUT_MS = 5_000;
const COMPACT_AT = 1_024;

/**
 * Writes records with `acks=all` through an idempotent producer, many to a request. Records of one caller to one partition keep
 * their order as long as no write fails.
 */
export class RecordProducer {
  private readonly kafka: Kafka;
  private readonly logger: Logger;
  private readonly sendTimeoutMs: number;
  private readonly buffer: RecordBuffer;
  /** Everything under way, in the order of its expiry, from `oldest` on. */
  private underway: Pending[] = [];
  private oldest = 0;
  private expiry: NodeJS.Timeout | undefined;
  private producer: Producer | undefined;
  private connecting: Promise<Producer> | undefined;
  private flushing = false;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /**
   * @param options.maxBatchBytes how much may go to one topic in one request: below every topic's `max.message.bytes`.
   */
  constructor(options: { kafka: Kafka; logger: Logger; sendTimeoutMs?: number; maxBatchBytes?: number }) {
    this.kafka = options.kafka;
    this.logger = options.logger;
    this.sendTimeoutMs = options.sendTimeoutMs ?? DEFAULT_SEND_TIMEOUT_MS;
    this.buffer = new RecordBuffer(options.maxBatchBytes ?? 900_000);
  }

  /** Connects. @throws UnavailableError when Kafka does not answer. */
  async connect(): Promise<void> {
    try {
      await this.connected();
    } catch (error) {
      throw new UnavailableError('kafka', `Kafka does not answer: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Whether the last write, or the connecting, worked. */
  ready(): boolean {
    return this.producer !== undefined;
  }

  /**
   * Writes one record; resolves with its position once all in-sync replicas have it.
   *
   * @throws UnavailableError when Kafka did not acknowledge in time (the record may have been written all the same);
   *   CodedError `RECORD_TOO_LARGE` when the topic does not take a record of this size.
   */
  send(record: OutgoingRecord): Promise<LogPosition> {
    return new Promise((resolve, reject) => this.queue({ record, expiresAt: this.nextExpiry(), resolve, reject }));
  }

  /** Writes some records; resolves, once each is acknowledged or has failed, with those that failed and why (as {@link send}). */
  sendEach(
    records: readonly OutgoingRecord[],
  ): Promise<ReadonlyArray<{ readonly index: number; readonly error: Error }>> {
    return new Promise((resolve) => {
      const failures: Array<{ index: number; error: Error }> = [];
      let left = records.length;
      const done = (): void => {
        left -= 1;
        if (left === 0) resolve(failures);
      };
      if (left === 0) resolve(failures);
      const expiresAt = this.nextExpiry();
      for (const [index, record] of records.entries()) {
        const reject = (error: Error): void => {
          failures.push({ index, error });
          done();
        };
        this.queue({ record, expiresAt, resolve: done, reject });
      }
    });
  }

  /** Writes what is buffered, then disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    while (this.flushing || this.buffer.size > 0) {
      if (this.flushing) await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
      else await this.flush();
    }
    clearTimeout(this.expiry);
    const producer = this.producer;
    this.producer = undefined;
    if (producer) await within(CLOSE_LIMIT_MS, producer.disconnect()).catch(() => undefined);
  }

  private nextExpiry(): number {
    return performance.now() + this.sendTimeoutMs;
  }

  private queue({ record, expiresAt, resolve, reject }: Omit<Pending, 'settled'>): void {
    if (this.closed) {
      reject(new UnavailableError('kafka', 'the producer is closed'));
      return;
    }
    const pending: Pending = { record, expiresAt, resolve, reject, settled: false };
    this.underway.push(pending);
    this.expiry ??= setTimeout(() => this.expire(), this.sendTimeoutMs);
    this.buffer.add(pending);
    this.schedule();
  }

  private schedule(): void {
    if (this.flushing || this.timer || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, LINGER_MS);
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    try {
      const batch = this.buffer.take();
      if (batch.length > 0) await this.write(batch);
    } finally {
      this.flushing = false;
      if (this.buffer.size > 0) this.schedule();
    }
  }

  private async write(batch: readonly Pending[]): Promise<void> {
    try {
      await within(WRITE_LIMIT_MS, this.writeTogether(batch));
    } catch (error) {
      this.replaceProducer();
      if (isTooLarge(error) && batch.length > 1) {
        for (const pending of batch) await this.write([pending]);
        return;
      }
      const failure = isTooLarge(error)
        ? recordTooLarge('the topic does not take a record of this size', error)
        : new UnavailableError('kafka', `Kafka did not take the write: ${messageOf(error)}`, { cause: error });
      if (!this.closed) this.logger.warn({ err: error, records: batch.length }, 'write to Kafka failed');
      for (const pending of batch) this.fail(pending, failure);
    }
  }

  private async writeTogether(batch: readonly Pending[]): Promise<void> {
    const producer = await this.connected();
    const byTopic = new Map<string, Array<{ pending: Pending; message: PartitionedMessage }>>();
    for (const pending of batch) {
      const entry = { pending, message: new PartitionedMessage(pending.record) };
      const entries = byTopic.get(pending.record.topic);
      if (entries) entries.push(entry);
      else byTopic.set(pending.record.topic, [entry]);
    }
    const metadata = await producer.sendBatch({
      acks: ACKS_ALL,
      timeout: BROKER_TIMEOUT_MS,
      topicMessages: [...byTopic].map(([topic, entries]) => ({
        topic,
        messages: entries.map(({ message }) => message),
      })),
    });
    let leftOut = false;
    for (const [topic, entries] of byTopic) {
      const written = metadata.filter(({ topicName }) => topicName === topic);
      const next = new Map(written.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
      for (const { pending, message } of entries) {
        const partition = message.chosen ?? 0;
        const offset = next.get(partition);
        if (offset === undefined) {
          leftOut = true;
          this.fail(pending, new UnavailableError('kafka', `the client does not know ${topic}/${partition} yet`));
          continue;
        }
        next.set(partition, offset + 1);
        this.succeed(pending, { topic, partition, offset });
      }
    }
    // The client silently leaves out what is for a partition that it has not learnt of; a new one asks.
    if (leftOut) this.replaceProducer();
    this.forgetSettled();
  }

  /** A producer that failed once is replaced: its sequence numbers may no longer agree with the broker's. */
  private connected(): Promise<Producer> {
    if (this.producer) return Promise.resolve(this.producer);
    this.connecting ??= this.connectNew().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async connectNew(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      // One that was deleted would come back with the broker's settings, not with ours.
      allowAutoTopicCreation: false,
      createPartitioner: rememberingPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
    });
    await producer.connect();
    this.producer = producer;
    return producer;
  }

  private replaceProducer(): void {
    const failed = this.producer;
    this.producer = undefined;
    // Not awaited: a connection in trouble may never finish its goodbye.
    void failed?.disconnect().catch(() => undefined);
  }

  /** Gives up on the records whose time is over, and comes back for the next one. */
  private expire(): void {
    this.expiry = undefined;
    const now = performance.now();
    for (let next = this.underway[this.oldest]; next; next = this.underway[this.oldest]) {
      if (!next.settled && next.expiresAt > now) break;
      this.fail(next, new UnavailableError('kafka', `Kafka did not acknowledge within ${this.sendTimeoutMs} ms`));
      this.oldest += 1;
    }
    this.forgetSettled();
    const next = this.underway[this.oldest];
    if (next) this.expiry = setTimeout(() => this.expire(), Math.max(1, next.expiresAt - now));
  }

  private forgetSettled(): void {
    while (this.underway[this.oldest]?.settled) this.oldest += 1;
    if (this.oldest < COMPACT_AT || this.oldest * 2 < this.underway.length) return;
    this.underway = this.underway.slice(this.oldest);
    this.oldest = 0;
  }

  private succeed(pending: Pending, position: LogPosition): void {
    if (pending.settled) return;
    pending.settled = true;
    pending.resolve(position);
  }

  private fail(pending: Pending, error: Error): void {
    if (pending.settled) return;
    pending.settled = true;
    pending.reject(error);
  }
}

export function recordTooLarge(message: string, cause?: unknown): CodedError {
  return new CodedError('RECORD_TOO_LARGE', message, { cause });
}

/** Whether a write failed with {@link recordTooLarge}. */
export function isTooLargeError(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'RECORD_TOO_LARGE';
}

function isTooLarge(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('type' in error && (error.type === 'MESSAGE_TOO_LARGE' || error.type === 'RECORD_LIST_TOO_LARGE')) return true;
  return 'cause' in error && isTooLarge(error.cause);
}
