/** So many holds are told apart: the tier that a held delivery climbs to grows no further after them. */
export const HOLDS = 5;

/** Deliveries by what they have behind them: requests made, and holds. A count may be a fraction. */
export class Deliveries {
  private readonly counts: Float64Array;
  private readonly attempts: number;
  private sum = 0;

  /** @param attempts the largest number of requests made that is told apart */
  constructor(attempts: number) {
    this.attempts = attempts;
    this.counts = new Float64Array((attempts + 1) * HOLDS);
  }

  add(attempts: number, holds: number, count: number): void {
    const slot = Math.min(attempts, this.attempts) * HOLDS + Math.min(holds, HOLDS - 1);
    this.counts[slot] = (this.counts[slot] ?? 0) + count;
    this.sum += count;
  }

  addAll(others: Deliveries): void {
    for (let slot = 0; slot < this.counts.length; slot += 1) {
      this.counts[slot] = (this.counts[slot] ?? 0) + (others.counts[slot] ?? 0);
    }
    this.sum += others.sum;
  }

  /** Takes a share out of all, and hands each kind over. */
  take(share: number, each: (attempts: number, holds: number, count: number) => void): void {
    for (let slot = 0; slot < this.counts.length; slot += 1) {
      const count = this.counts[slot] ?? 0;
      if (count === 0) continue;
      const taken = count * share;
      this.counts[slot] = count - taken;
      each(Math.floor(slot / HOLDS), slot % HOLDS, taken);
    }
    this.sum = share === 1 ? 0 : this.sum * (1 - share);
  }

  total(): number {
    return this.sum;
  }
}
