const BUCKETS = 10;

/** Successes and failures of the last while, in ten steps. */
export class RollingWindow {
  private readonly stepMs: number;
  private readonly successes = new Uint32Array(BUCKETS);
  private readonly failures = new Uint32Array(BUCKETS);
  private step = 0;

  /** @param lengthMs how far back it looks. */
  constructor(lengthMs: number) {
    this.stepMs = lengthMs / BUCKETS;
  }

  record(success: boolean, now: number): void {
    this.moveTo(now);
    const counts = success ? this.successes : this.failures;
    const bucket = this.step % BUCKETS;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }

  counts(now: number): { readonly successes: number; readonly failures: number } {
    this.moveTo(now);
    return { successes: sum(this.successes), failures: sum(this.failures) };
  }

  /** Empties the steps that have passed; a clock that went back changes nothing. */
  private moveTo(now: number): void {
    const step = Math.floor(now / this.stepMs);
    const passed = Math.min(step - this.step, BUCKETS);
    for (let back = 0; back < passed; back += 1) {
      const bucket = (step - back) % BUCKETS;
      this.successes[bucket] = 0;
      this.failures[bucket] = 0;
    }
    this.step = Math.max(this.step, step);
  }
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
