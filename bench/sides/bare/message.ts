/** What the bare loop is told over its channel. */
export interface BareTask {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  readonly origin: string;
  /** Where events go: event number n to the paths at n modulo their count. */
  readonly paths: readonly (readonly string[])[];
  readonly inFlight: number;
  readonly client: BareClient;
}

/** Ways to send with undici; the faster one is the baseline. */
export type BareClient = 'dispatch' | 'request';

/** What it says. */
export type FromBare = { readonly kind: 'joined' };
