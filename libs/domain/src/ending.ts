import type { HoldReason, SkipReason } from './attempt-record.ts';
import type { AttemptOutcome } from './outcome.ts';
import type { RateSlot } from './rate-slot.ts';

/** What became of one delivery in this worker. */
export type Ending =
  | {
      readonly kind: 'attempted';
      readonly outcome: AttemptOutcome;
      /** When the attempt began, in milliseconds since the epoch. */
      readonly at: number;
      /** The first KiB of the answer's body. */
      readonly excerpt: Buffer | undefined;
      /** What a later attempt follows (W3C Trace Context), where this one was traced. */
      readonly traceparent?: string | undefined;
    }
  /** No attempt was made: it goes to a retry topic. */
  | {
      readonly kind: 'held';
      readonly reason: HoldReason;
      readonly at: number;
      /** Its turn, where it waits for nothing else. */
      readonly slot?: RateSlot | undefined;
      /** As above. */
      readonly traceparent?: string | undefined;
    }
  /** No attempt was made, and none follows. */
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  /** The partition was given up before an attempt began: whoever owns it next begins anew. */
  | { readonly kind: 'dropped' };
