/** Time, injected so that tests can move it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A number in [0, 1), injected so that tests can fix it. */
export type Random = () => number;

export const systemClock: Clock = { now: () => Date.now() };
