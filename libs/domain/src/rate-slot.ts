/** The time of one request to a webhook whose requests are limited. It was reserved: nobody else uses it. */
export interface RateSlot {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The limit that it was reserved under, in requests a second; under another one it says nothing. */
  readonly rate: number;
}

/** Slots that somebody wants for requests to a webhook. */
export interface WantedSlots {
  readonly webhookId: string;
  /** Requests a second. */
  readonly rate: number;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How far apart the slots of a limit are, in milliseconds. @param rate requests a second */
export function slotDistanceMs(rate: number): number {
  return 1_000 / rate;
}
