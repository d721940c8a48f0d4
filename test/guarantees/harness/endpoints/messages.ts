import type { Deliveries } from '../../../../bench/receiver/delivery-log.ts';

/** What an endpoint does with its requests from now on. */
export type Behaviour =
  | { readonly kind: 'answer' }
  /** Answers with a status that is not 200, at once or after a while. */
  | { readonly kind: 'refuse'; readonly status: number; readonly afterMs?: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'reset' }
  /** Begins an answer and sends one byte at a time, without an end. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Promises a body that is longer than what it sends, and closes. */
  | { readonly kind: 'lie' }
  /** Refuses and answers in turns. */
  | { readonly kind: 'flap'; readonly upMs: number; readonly downMs: number };

export type ToEndpoints =
  | { readonly kind: 'behave'; readonly endpoints: readonly number[]; readonly behaviour: Behaviour }
  | { readonly kind: 'collect' };

/** What the endpoints took down. */
export interface Receipts {
  /** First attempts, answered or not, in the order of their arrival. */
  readonly first: Deliveries;
  /** Requests that were answered 200. */
  readonly answered: Deliveries;
}

export type FromEndpoints =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'behaving' }
  | { readonly kind: 'progress'; readonly answered: number }
  | ({ readonly kind: 'collected' } & Receipts);
