import type { HoldReason } from '#libs/domain';

import type { Permit } from '../breaker/circuit-breaker.ts';
import type { Linked } from '../connections/linked-list.ts';

/** One delivery that wants an attempt. Exactly one of `start` and `hold` is called, once, perhaps before `enter` returns. */
export interface Turn extends Linked<Turn> {
  /** The bulkhead's own: whether it waits to be started. False at first. */
  waits: boolean;
  /** The bulkhead's own: whether it is under way, and has a slot. False at first. */
  hasSlot: boolean;
  /** The bulkhead's own: set while it is under way and has no verdict yet. */
  permit: Permit | undefined;
  readonly webhookId: string;
  /** Deliveries of one lane are attempted one after the other, in the order they came; undefined = order does not matter. */
  readonly lane: string | undefined;
  /** What it counts against the worker's bound on unsettled bytes. */
  readonly bytes: number;
  readonly source: TurnSource;
  /** Make the attempt now; `Bulkhead.leave` ends it. */
  start(): void;
  /** Make no attempt. */
  hold(reason: HoldReason): void;
}

/** The record that a delivery comes from. */
export interface TurnSource {
  /** The record's key. */
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
