/** A signing secret as it is stored: sealed (encrypted), with the time it stops being used. */
export interface SealedSecret {
  readonly sealed: string;
  /** Milliseconds since the epoch; absent for the current secret. */
  readonly expiresAt?: number;
}

export type WebhookStatus = 'active' | 'disabled';

/** What an endpoint has to answer for an attempt to count as delivered. */
export type SuccessRule = '200' | '2xx';

/** Which signature headers an endpoint gets besides the Standard Webhooks set. */
export type SignatureScheme = 'standard' | 'voipbin';

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
}
