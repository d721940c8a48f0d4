import { performance } from 'node:perf_hooks';

/**
 * Time that starts at the wall clock's and then goes on by a clock that nobody sets: it follows neither a jump of the wall clock
 * forth nor one back. Milliseconds since the epoch, whole.
 */
export class SteadyTime {
  private readonly wall: () => number;
  private readonly monotonic: () => number;
  private readonly origin: number;

  /** @param monotonic milliseconds since any moment. */
  constructor(wall: () => number, monotonic: () => number) {
    this.wall = wall;
    this.monotonic = monotonic;
    this.origin = wall() - monotonic();
  }

  now(): number {
    return Math.floor(this.origin + this.monotonic());
  }

  /** How far the wall clock is ahead, in milliseconds; negative when it is behind. */
  wallAheadMs(): number {
    return this.wall() - this.now();
  }
}

const LOOK_EVERY_MS = 10_000;
const NOTABLE_MS = 5_000;

/**
 * Makes `Date.now` of this process steady. By the wall clock, a jump forth would make every retry due at once; a jump back would hold
 * them for as long, and the Kafka client, which counts its heartbeats by `Date.now`, would send none and lose its partitions.
 * @param onJump told how far the wall clock is ahead, in milliseconds, each time that this has changed by more than 5 s
 */
export function keepTimeSteady(onJump: (aheadMs: number) => void): void {
  const steady = new SteadyTime(Date.now, () => performance.now());
  Date.now = () => steady.now();
  let told = 0;
  setInterval(() => {
    const ahead = steady.wallAheadMs();
    if (Math.abs(ahead - told) < NOTABLE_MS) return;
    told = ahead;
    onJump(ahead);
  }, LOOK_EVERY_MS).unref();
}
