import type { RateSlot } from '#libs/domain';

interface Entry {
  readonly at: number;
  readonly go: () => void;
}

/** Requests to one webhook that wait for their slots, let go in the order of these. */
export class SlotQueue {
  private readonly now: () => number;
  private readonly entries: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.now = now;
  }

  get size(): number {
    return this.entries.length;
  }

  /** @param go called once, when the slot has come; perhaps before this returns */
  add({ at }: RateSlot, go: () => void): void {
    const behind = this.entries.findLastIndex((entry) => entry.at <= at);
    this.entries.splice(behind + 1, 0, { at, go });
    if (behind === -1) this.release();
  }

  /** Lets go whose slot has come, and sets the clock for the next one. */
  private release(): void {
    clearTimeout(this.timer);
    const now = this.now();
    for (let [head] = this.entries; head && head.at <= now; [head] = this.entries) {
      this.entries.shift();
      head.go();
    }
    const [next] = this.entries;
    if (next) this.timer = setTimeout(() => this.release(), next.at - now);
  }

  /** Nobody is let go any more. */
  close(): void {
    clearTimeout(this.timer);
    this.entries.length = 0;
  }
}
