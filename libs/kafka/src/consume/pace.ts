const LOOK_EVERY_MS = 10;

/**
 * Keeps a busy worker from taking more than keeps it busy: what waits in memory makes everything slower, and makes nothing come sooner. While
 * the event loop has time left (endpoints are slow, not the worker), nobody waits.
 */
export class Pace {
  private readonly enough: number;
  private readonly busy: () => boolean;
  private underway = 0;
  private waiters: Array<() => void> = [];
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param enough records under way from which on a busy worker takes no more.
   * @param busy whether the event loop is the bottleneck.
   */
  constructor(enough: number, busy: () => boolean) {
    this.enough = enough;
    this.busy = busy;
  }

  begun(records: number): void {
    this.underway += records;
  }

  ended(): void {
    this.underway -= 1;
    if (this.underway < this.enough) this.waiters.shift()?.();
  }

  /** Resolves when more may be taken; those who wait get their turn in the order they came. Undefined when there is nothing to wait for. */
  turn(): Promise<void> | undefined {
    if (this.underway < this.enough || !this.busy()) return undefined;
    this.timer ??= setTimeout(() => this.look(), LOOK_EVERY_MS);
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  private look(): void {
    this.timer = undefined;
    if (this.underway >= this.enough && this.busy()) {
      if (this.waiters.length > 0) this.timer = setTimeout(() => this.look(), LOOK_EVERY_MS);
      return;
    }
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }
}
