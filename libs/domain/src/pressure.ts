/** A partition whose span of unsettled offsets is full. */
export interface FullSpan {
  readonly topic: string;
  readonly partition: number;
  /** What waits below this offset takes up more than its share of the span. */
  readonly shareFrom: number;
}

/** Why a worker takes nothing at the moment: a bound on what is unsettled is full, and records wait behind it. */
export interface Pressure {
  /** Whether the bound on unsettled bytes is full. */
  readonly bytesFull: boolean;
  readonly fullSpans: readonly FullSpan[];
  /** Whether a record waits whose key is another than this one. */
  othersWait(key: string): boolean;
}
