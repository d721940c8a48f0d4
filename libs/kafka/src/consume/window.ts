/** The bound on unsettled bytes of one worker process, shared by all its partitions. */
export class Window {
  private readonly limit: number;
  private used = 0;
  private waiters: Array<() => void> = [];

  /** @param limit bytes. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get bytes(): number {
    return this.used;
  }

  /** Whether another record may be taken. One record larger than the whole bound still passes when nothing else is held. */
  hasRoom(): boolean {
    return this.used < this.limit;
  }

  take(bytes: number): void {
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
    if (!this.hasRoom() || this.waiters.length === 0) return;
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when there may be room, or after `limitMs` at the latest. */
  room(limitMs: number): Promise<void> {
    if (this.hasRoom()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
