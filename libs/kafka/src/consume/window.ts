/** The bound on unsettled bytes of one worker process, shared by all its partitions. */
export class Window {
  private readonly limit: number;
  private used = 0;
  private readonly waiters = new Set<() => void>();

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
    if (!this.hasRoom()) return;
    for (const wake of this.waiters) wake();
  }

  /** Resolves when there may be room, or after `limitMs` at the latest. */
  room(limitMs: number): Promise<void> {
    if (this.hasRoom()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limitMs);
      this.waiters.add(wake);
    });
  }
}
