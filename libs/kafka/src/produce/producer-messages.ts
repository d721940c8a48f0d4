import type { KafkaAccess } from '#libs/runtime';

/** What the producer's thread is started with. */
export interface ProducerSettings extends KafkaAccess {
  readonly clientId: string;
  /** For its log lines. */
  readonly app: string;
  readonly logLevel: string;
}

/** To the thread: write these records, or write what you have and end. */
export type ProducerTask =
  { readonly kind: 'write'; readonly number: number; readonly pack: ArrayBuffer } | { readonly kind: 'end' };

/** A record of a pack that was not acknowledged. */
export interface PackFailure {
  /** Its place in the pack. */
  readonly index: number;
  readonly tooLarge: boolean;
  readonly message: string;
}

/** From the thread: it is connected, or all records of a pack are acknowledged but for those that failed. */
export type ProducerNews =
  | { readonly kind: 'connected' }
  | { readonly kind: 'written'; readonly number: number; readonly failures: readonly PackFailure[] };
