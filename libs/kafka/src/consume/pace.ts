const LOOK_EVERY_MS = 10;
/** What has been under way for longer, up to twice as long, waits for its endpoint, not for this worker. */
const RECENT_MS = 250;

/** Records that began at about the same time. */
export interface Begun {
  left: number;
}

/**
 * Keeps a busy worker from taking more than keeps it busy: what waits in memory makes everything slower, and makes nothing come sooner.
 * While the event loop has time left (endpoints are slow, not the worker), nobody waits. Records that have long been under way do not
 * count, nor do those that wait for an endpoint which does not answer: they would make everybody wait for it.
 */
export class Pace {
  private readonly enough: number;
  private readonly busy: () => boolean;
  private readonly now: () => number;
  private readonly unanswered: () => number;
  private since: number;
  private current: Begun = { left: 0 };
  private previous: Begun = { left: 0 };
  private waiters: Array<() => void> = [];
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param enough records under way from which on a busy worker takes no more.
   * @param busy whether the event loop is the bottleneck.
   * @param now monotonic milliseconds.
   * @param unanswered about how many wait for endpoints that do not answer; cheap to ask.
   */
  constructor(enough: number, busy: () => boolean, now: () => number, unanswered: () => number = () => 0) {
    this.enough = enough;
    this.busy = busy;
    this.now = now;
    this.unanswered = unanswered;
    this.since = now();
  }

  /** @returns what {@link ended} is given for each of the records. */
  begun(records: number): Begun {
    this.moveOn();
    this.current.left += records;
    return this.current;
  }

  ended(begun: Begun): void {
    begun.left -= 1;
    if (!this.hasEnough()) this.waiters.shift()?.();
  }

  /** Resolves when more may be taken; those who wait get their turn in the order they came. Undefined when there is nothing to wait for. */
  turn(): Promise<void> | undefined {
    this.moveOn();
    if (!this.hasEnough() || !this.busy()) return undefined;
    this.timer ??= setTimeout(() => this.look(), LOOK_EVERY_MS);
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  private hasEnough(): boolean {
    const recent = this.current.left + this.previous.left;
    return recent >= this.enough && recent - this.unanswered() >= this.enough;
  }

  private moveOn(): void {
    const passed = this.now() - this.since;
    if (passed < RECENT_MS) return;
    this.previous = passed < 2 * RECENT_MS ? this.current : { left: 0 };
    this.current = { left: 0 };
    this.since += passed;
  }

  private look(): void {
    this.timer = undefined;
    this.moveOn();
    if (this.hasEnough() && this.busy()) {
      if (this.waiters.length > 0) this.timer = setTimeout(() => this.look(), LOOK_EVERY_MS);
      return;
    }
    const waiters = this.waiters;
    this.waiters = [];
    for (const wake of waiters) wake();
  }
}
