import type { Usage } from '../measure/process-usage.ts';
import type { Deliveries } from './delivery-log.ts';

/** A moment of a run: how many requests had been taken, and what the watched processes had used. */
export interface Mark {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  readonly count: number;
  readonly usage: readonly Usage[];
}

export type ToReceiver =
  /** Forget what was received; count the requests of a series from now on, and mark two counts of answered ones. */
  | { readonly kind: 'begin'; readonly series: number; readonly from: number; readonly until: number }
  /** The processes whose usage the marks tell. */
  | { readonly kind: 'watch'; readonly pids: readonly number[] }
  /** The window that is measured ends now, if it has not yet. */
  | { readonly kind: 'end' }
  /** Hand over the log. */
  | { readonly kind: 'collect' };

/** What was received since `begin`. */
export interface Collected {
  readonly deliveries: Deliveries;
  readonly from: Mark | undefined;
  /** At the count asked for; where that was not reached, when the window was ended. */
  readonly until: Mark;
  /** Whether the count asked for was reached. */
  readonly reached: boolean;
  /** The most connections that were open at once. */
  readonly connections: number;
  /** Requests that no endpoint fits, and connections that broke in the middle of a request. */
  readonly odd: number;
}

export type FromReceiver =
  | { readonly kind: 'listening'; readonly ports: readonly number[] }
  | { readonly kind: 'begun' }
  | { readonly kind: 'progress'; readonly answered: number }
  | { readonly kind: 'until' }
  | ({ readonly kind: 'collected' } & Collected);
