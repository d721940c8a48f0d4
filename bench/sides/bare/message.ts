/** What the bare loop is told over its channel. */
export interface BareTask {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  readonly origin: string;
  /** Where events go: event number n to the paths at n modulo their count. */
  readonly paths: readonly (readonly string[])[];
  /** Each with one request at a time. */
  readonly connections: number;
}

/** What it says. */
export type FromBare = { readonly kind: 'joined' };
