import { performance } from 'node:perf_hooks';

import { type Linked, LinkedList } from '../connections/linked-list.ts';

/** Something that has to end in time. */
export interface Limited<T> extends Linked<T> {
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Has to call `end`. */
  onTimeUp(): void;
}

/**
 * The same time limit for many things at once: since all have equally long, they end in the order in which they began, and one timer
 * is enough. What has ended in time is forgotten at once.
 */
export class TimeLimits<T extends Limited<T>> {
  private readonly limitMs: number;
  private readonly running = new LinkedList<T>();
  private timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  begin(item: T): void {
    this.running.append(item);
    if (!this.timer) this.expireAfter(this.limitMs);
  }

  /** Once for each item that has begun. */
  end(item: T): void {
    this.running.remove(item);
  }

  private expire(): void {
    const now = performance.now();
    this.timer = undefined;
    let oldest = this.running.first;
    while (oldest && oldest.startedAt + this.limitMs <= now) {
      oldest.onTimeUp();
      oldest = this.running.first;
    }
    if (oldest && !this.timer) this.expireAfter(oldest.startedAt + this.limitMs - now);
  }

  /**
   * The connections keep the process running, not the timer. Where the process stood still, what came meanwhile has not been read yet: the
   * event loop does that between its timers and its immediates.
   */
  private expireAfter(ms: number): void {
    this.timer = setTimeout(() => setImmediate(() => this.expire()), ms).unref();
  }
}
