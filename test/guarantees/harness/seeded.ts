import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const SEED_VARIABLE = 'GUARANTEES_SEED';

/** Choices that are the same in every run with the same seed. */
export class Seeded {
  readonly seed: number;
  private readonly source: ReturnType<typeof xoroshiro128plus>;

  constructor(seed: number) {
    this.seed = seed;
    this.source = xoroshiro128plus(seed);
  }

  /** With the seed that `GUARANTEES_SEED` names; a new one where it names none. */
  static ofRun(): Seeded {
    const given = process.env[SEED_VARIABLE];
    const seed = given === undefined || given === '' ? Date.now() % 1_000_000 : Number(given);
    if (!Number.isInteger(seed)) throw new Error(`${SEED_VARIABLE} must be a whole number, not ${given}`);
    return new Seeded(seed);
  }

  /** A number of milliseconds, both bounds included. */
  between(low: number, high: number): number {
    return uniformInt(this.source, low, high);
  }

  pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(uniformFloat64(this.source) * from.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
}
