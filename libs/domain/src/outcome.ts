/** Why an attempt did not succeed. Stable: receivers, dashboards and docs rely on these names. */
export const ATTEMPT_ERRORS = [
  /** The endpoint answered with another status than success. */
  'http_status',
  /** The endpoint answered 3xx; redirects are not followed. */
  'redirect',
  /** No complete status line and headers within the time limit. */
  'timeout',
  'dns_failed',
  /** DNS answered only with addresses that webhooks may not point to. */
  'address_refused',
  'connection_refused',
  'connection_failed',
  /** The connection ended before the answer's headers were complete. */
  'connection_closed',
  'tls_failed',
  /** What came back is not HTTP. */
  'invalid_response',
  /** None of the webhook's signing secrets can be decrypted. */
  'secret_unavailable',
  /** The stored URL cannot be used. */
  'invalid_url',
  /** A setting of the webhook cannot be read by this version. */
  'setting_unreadable',
] as const;

export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

/** How long an attempt took, in milliseconds. The three steps of a connection are there only when the attempt opened one, as far as it came. */
export interface AttemptTiming {
  /** From the start to the outcome; 0 when nothing was sent. */
  readonly totalMs: number;
  /** Finding the addresses of the host name. */
  readonly dnsMs?: number;
  /** Connecting, without DNS and TLS. */
  readonly connectMs?: number;
  readonly tlsMs?: number;
  /** From the start to the end of the answer's headers. */
  readonly firstByteMs?: number;
}

/** What one attempt came to. */
export type AttemptOutcome =
  | {
      readonly kind: 'delivered';
      readonly status: number;
      readonly timing: AttemptTiming;
    }
  | {
      readonly kind: 'failed';
      readonly error: AttemptError;
      /** For people: what happened, without secrets. */
      readonly message: string;
      readonly status?: number;
      /** The endpoint's `Retry-After`, in milliseconds from now. */
      readonly retryAfterMs?: number;
      readonly timing: AttemptTiming;
    };

/** Why a record can never be delivered. Stable. */
export const REJECTION_REASONS = [
  /** No Avro wire format: the magic byte or the schema id is missing. */
  'not_avro',
  /** The registry does not know the schema id. */
  'unknown_schema',
  /** The schema is not Avro, or is broken. */
  'unsupported_schema',
  /** The bytes do not fit their schema. */
  'undecodable',
  /** A field of the envelope is missing or is not a string. */
  'missing_field',
] as const;

export type RejectionReason = (typeof REJECTION_REASONS)[number];
