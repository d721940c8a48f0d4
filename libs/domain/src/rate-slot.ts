/** The time of one request to a webhook whose requests are limited. It was reserved: nobody else uses it. */
export interface RateSlot {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The limit that it was reserved under, in requests a second; under another one it says nothing. */
  readonly rate: number;
}

/** How far apart the slots of a limit are, in milliseconds. @param rate requests a second */
export function slotDistanceMs(rate: number): number {
  return 1_000 / rate;
}
