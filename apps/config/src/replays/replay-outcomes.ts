import type { ReplayOutcome } from '#libs/store';
import { LRUCache } from 'lru-cache';

interface Counted {
  readonly outcome: Promise<ReplayOutcome>;
  /** Monotonic milliseconds. */
  until: number;
}

const MOST_KEPT = 1_000;
/** A count is shown for this many times as long as the counting took. */
const SHARE = 10;
const LONGEST_MS = 60_000;

/**
 * What has become of the events of replays. Counting reads all attempts of a replay; however often somebody asks, it takes at most a
 * tenth of the time, so that following a large replay is cheap. A failure is kept as long as a count would be: whoever counted again at
 * once would keep a database busy that has become slow, since it goes on with a question whose asker has given up.
 */
export class ReplayOutcomes {
  private readonly count: (replayId: string) => Promise<ReplayOutcome>;
  private readonly now: () => number;
  private readonly counted = new LRUCache<string, Counted>({ max: MOST_KEPT });

  /** @param now monotonic milliseconds. */
  constructor(count: (replayId: string) => Promise<ReplayOutcome>, now: () => number) {
    this.count = count;
    this.now = now;
  }

  /** At most a minute old. @throws UnavailableError when MongoDB does not answer. */
  of(replayId: string): Promise<ReplayOutcome> {
    const known = this.counted.get(replayId);
    if (known && this.now() < known.until) return known.outcome;
    const began = this.now();
    const counted: Counted = { outcome: this.count(replayId), until: Infinity };
    this.counted.set(replayId, counted);
    const done = (): void => {
      const ended = this.now();
      counted.until = ended + Math.min((ended - began) * SHARE, LONGEST_MS);
    };
    counted.outcome.then(done, done);
    return counted.outcome;
  }
}
