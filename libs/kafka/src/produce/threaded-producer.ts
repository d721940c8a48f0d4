import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import { UnavailableError } from '#libs/domain';

import type { OutgoingRecord } from '../record.ts';
import { PackedRecords } from './packed-records.ts';
import type { PackFailure, ProducerNews, ProducerSettings, ProducerTask } from './producer-messages.ts';
import { recordTooLarge } from './record-producer.ts';

/** Records wait this long for others to share their way: what a write costs client and broker hardly depends on how many there are. */
const LINGER_MS = 20;
const FULL_PACK_BYTES = 512 * 1024;
const CLOSE_LIMIT_MS = 5_000;
/** What the thread allocates is short-lived: left alone, it would take 130 MB before it cleans up. */
const YOUNG_MB = 16;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What was handed over together. */
interface Pack {
  readonly number: number;
  readonly waiting: readonly Waiting[];
}

/**
 * A producer in a thread of its own: what a record costs in the Kafka client does not come on top of what its delivery costs. Records
 * are packed, handed over every few milliseconds, and acknowledged pack by pack.
 */
export class ThreadedProducer {
  private readonly thread: Worker;
  private readonly packed = new PackedRecords();
  /** A few. Not a Map: the engine links the tables that one outgrows, and old ones would keep what newer ones hold. */
  private readonly underway: Pack[] = [];
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private packs = 0;
  private state: 'open' | 'closing' | 'ended' = 'open';

  private constructor(thread: Worker) {
    this.thread = thread;
  }

  /**
   * Starts the thread.
   * @param onCrash told when the thread has ended by itself: nothing can be written any more.
   * @throws UnavailableError when Kafka does not answer.
   */
  static async start(settings: ProducerSettings, onCrash: (error: Error) => void): Promise<ThreadedProducer> {
    const file = new URL(`./producer-thread${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(file, { workerData: settings, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    const producer = new ThreadedProducer(thread);
    await new Promise<void>((resolve, reject) => {
      let connected = false;
      thread.on('message', (news: ProducerNews) => {
        if (news.kind === 'connected') {
          connected = true;
          resolve();
        } else producer.written(news.number, news.failures);
      });
      thread.on('error', (cause) => {
        const message = cause instanceof Error ? cause.message : String(cause);
        const error = new UnavailableError('kafka', message, { cause });
        if (connected) onCrash(error);
        else reject(error);
      });
      thread.on('exit', () => {
        const crashed = connected && producer.state === 'open';
        producer.ended();
        if (crashed) onCrash(new UnavailableError('kafka', 'the thread of the producer ended'));
      });
    });
    return producer;
  }

  /**
   * Writes one record; resolves once all in-sync replicas have it.
   *
   * @throws UnavailableError when Kafka did not acknowledge in time (the record may have been written all the same);
   *   CodedError `RECORD_TOO_LARGE` when the topic does not take a record of this size.
   */
  send(record: OutgoingRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.state !== 'open') {
        reject(closed());
        return;
      }
      this.packed.add(record);
      this.waiting.push({ resolve, reject });
      if (this.packed.size >= FULL_PACK_BYTES) this.handOver();
      else this.timer ??= setTimeout(() => this.handOver(), LINGER_MS);
    });
  }

  /** Writes what is under way, and ends the thread. */
  async close(): Promise<void> {
    if (this.state === 'ended') return;
    this.state = 'closing';
    this.handOver();
    const ended = new Promise<void>((resolve) => this.thread.once('exit', () => resolve()));
    this.tell({ kind: 'end' });
    const limit = setTimeout(() => void this.thread.terminate(), CLOSE_LIMIT_MS);
    await ended;
    clearTimeout(limit);
  }

  private handOver(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.length === 0) return;
    this.packs += 1;
    this.underway.push({ number: this.packs, waiting: this.waiting });
    this.waiting = [];
    const pack = this.packed.take();
    this.tell({ kind: 'write', number: this.packs, pack }, [pack]);
  }

  private written(number: number, failures: readonly PackFailure[]): void {
    const at = this.underway.findIndex((pack) => pack.number === number);
    const [pack] = at < 0 ? [] : this.underway.splice(at, 1);
    if (!pack) return;
    for (const { index, tooLarge, message } of failures) {
      pack.waiting[index]?.reject(tooLarge ? recordTooLarge(message) : new UnavailableError('kafka', message));
    }
    // Of a promise that was rejected already, this changes nothing.
    for (const { resolve } of pack.waiting) resolve();
  }

  private ended(): void {
    this.state = 'ended';
    const left = this.underway.splice(0).flatMap(({ waiting }) => waiting);
    for (const { reject } of [...left, ...this.waiting]) reject(closed());
    this.waiting = [];
  }

  private tell(task: ProducerTask, transfer: readonly ArrayBuffer[] = []): void {
    this.thread.postMessage(task, transfer);
  }
}

function closed(): UnavailableError {
  return new UnavailableError('kafka', 'the producer is closed');
}
