import type { WebhookFilter } from './filter/filter.ts';

/** A signing secret as it is stored: sealed (encrypted), with the time it stops being used. */
export interface SealedSecret {
  readonly sealed: string;
  /** Milliseconds since the epoch; absent for the current secret. */
  readonly expiresAt?: number;
}

/** Whether a secret is used at that time. */
export function isLive({ expiresAt }: SealedSecret, now: number): boolean {
  return expiresAt === undefined || expiresAt > now;
}

/** A paused webhook gets nothing: what arrives meanwhile is skipped, what waits for another attempt goes on waiting. */
export type WebhookStatus = 'active' | 'paused' | 'disabled';

/** What an endpoint has to answer for an attempt to count as delivered. */
export type SuccessRule = '200' | '2xx';

/** Which signature headers an endpoint gets besides the Standard Webhooks set. */
export type SignatureScheme = 'standard' | 'voipbin';

export type DeliveryMethod = 'POST' | 'PUT';

/** A request header of the customer's own; the value of a sensitive one is stored sealed. Names are in lower case. */
export type OwnHeader =
  { readonly name: string; readonly value: string } | { readonly name: string; readonly sealed: string };

/** A customer's subscription: where which events go. */
export interface Webhook {
  readonly id: string;
  readonly customerId: string;
  readonly url: string;
  /** Selectors: exact event types, `<name>_*`, or `*`. */
  readonly eventTypes: readonly string[];
  readonly status: WebhookStatus;
  readonly success: SuccessRule;
  readonly signatures: readonly SignatureScheme[];
  readonly secrets: readonly SealedSecret[];
  /** `POST` when absent. */
  readonly method?: DeliveryMethod | undefined;
  /** Sent beside the headers of every delivery. */
  readonly headers?: readonly OwnHeader[] | undefined;
  /** Requests a second, at most; as many as it takes when absent. */
  readonly rateLimit?: number | undefined;
  /** Which events of the selected types it wants; all when absent. */
  readonly filter?: WebhookFilter | undefined;
}
