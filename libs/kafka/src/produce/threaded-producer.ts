import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import { UnavailableError } from '#libs/domain';

import { PackedRecords } from './packed-records.ts';
import type { TrailNews, TrailSettings, TrailTask } from './trail-messages.ts';

/** Records wait this long for others to share their way. */
const LINGER_MS = 10;
const FULL_PACK_BYTES = 512 * 1024;
const CLOSE_LIMIT_MS = 5_000;

/**
 * Writes the trail in a thread of its own: what a record costs in the Kafka client does not come on top of what its delivery costs.
 * Records are packed, handed over every few milliseconds, and acknowledged pack by pack.
 */
export class TrailWriter {
  private readonly thread: Worker;
  private readonly packed = new PackedRecords();
  private readonly underway = new Map<number, ReadonlyArray<(written: true) => void>>();
  private waiting: Array<(written: true) => void> = [];
  private timer: NodeJS.Timeout | undefined;
  private packs = 0;
  private closing = false;

  private constructor(thread: Worker) {
    this.thread = thread;
  }

  /**
   * Starts the thread.
   * @param onCrash told when the thread has ended by itself: nothing can be recorded any more.
   * @throws UnavailableError when Kafka does not answer.
   */
  static async start(settings: TrailSettings, onCrash: (error: Error) => void): Promise<TrailWriter> {
    const file = new URL(`./trail-thread${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(file, { workerData: settings });
    const writer = new TrailWriter(thread);
    await new Promise<void>((resolve, reject) => {
      let connected = false;
      thread.on('message', (news: TrailNews) => {
        if (news.kind === 'connected') {
          connected = true;
          resolve();
        } else writer.written(news.number);
      });
      thread.on('error', (cause) => {
        const message = cause instanceof Error ? cause.message : String(cause);
        const error = new UnavailableError('kafka', message, { cause });
        if (connected) onCrash(error);
        else reject(error);
      });
      thread.on('exit', () => {
        if (connected && !writer.closing) onCrash(new UnavailableError('kafka', 'the thread of the trail ended'));
      });
    });
    return writer;
  }

  /** Resolves (always with true) once the record is acknowledged by all in-sync replicas; it may wait for that as long as Kafka is away. */
  append(key: string, value: Buffer): Promise<true> {
    return new Promise((resolve) => {
      this.packed.add(key, value);
      this.waiting.push(resolve);
      if (this.packed.size >= FULL_PACK_BYTES) this.handOver();
      else this.timer ??= setTimeout(() => this.handOver(), LINGER_MS);
    });
  }

  /** Writes what is under way, and ends the thread. */
  async close(): Promise<void> {
    this.closing = true;
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
    this.underway.set(this.packs, this.waiting);
    this.waiting = [];
    const pack = this.packed.take();
    this.tell({ kind: 'write', number: this.packs, pack }, [pack]);
  }

  private written(number: number): void {
    const resolvers = this.underway.get(number) ?? [];
    this.underway.delete(number);
    for (const resolve of resolvers) resolve(true);
  }

  private tell(task: TrailTask, transfer: readonly ArrayBuffer[] = []): void {
    this.thread.postMessage(task, transfer);
  }
}
