/** What the trail's thread is started with. */
export interface TrailSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly topic: string;
  /** For its log lines. */
  readonly app: string;
  readonly logLevel: string;
}

/** To the thread: write these records, or write what you have and end. */
export type TrailTask =
  { readonly kind: 'write'; readonly number: number; readonly pack: ArrayBuffer } | { readonly kind: 'end' };

/** From the thread: it is connected, or all records of a pack are acknowledged. */
export type TrailNews = { readonly kind: 'connected' } | { readonly kind: 'written'; readonly number: number };
