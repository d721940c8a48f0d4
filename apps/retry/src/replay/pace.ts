/** Spreads work evenly: no more than so much of it in a second, and nothing in advance for a time without any. */
export class Pace {
  private readonly msEach: number;
  private readonly now: () => number;
  private freeAt = 0;

  /** @param now milliseconds that never go back */
  constructor(perSecond: number, now: () => number) {
    this.msEach = 1_000 / perSecond;
    this.now = now;
  }

  /** Counts work that was done. @returns how long to wait before the next, in milliseconds */
  spend(amount: number): number {
    const now = this.now();
    this.freeAt = Math.max(this.freeAt, now) + amount * this.msEach;
    return this.freeAt - now;
  }
}
