import type { ApiStatus } from './api-status.ts';

/**
 * Every `reason` that an error body can have, with its status and what the caller is told about it in the API's description. Stable:
 * clients decide by them.
 */
export const REASONS = {
  INVALID_FIELDS: {
    status: 'INVALID_ARGUMENT',
    means: 'fields, parameters or headers are wrong; `details` has one entry for each',
  },
  NO_BODY: { status: 'INVALID_ARGUMENT', means: 'the request has no body, and needs a JSON object' },
  NOT_JSON: { status: 'INVALID_ARGUMENT', means: 'the body is not JSON in UTF-8' },
  NOT_AN_OBJECT: { status: 'INVALID_ARGUMENT', means: 'the body is JSON, but not an object' },
  JSON_TOO_DEEP: {
    status: 'INVALID_ARGUMENT',
    means: 'objects and arrays of the body lie in each other more than 32 deep',
  },
  INCOMPLETE_BODY: { status: 'INVALID_ARGUMENT', means: 'the connection ended before the body did' },
  NO_CHANGE: { status: 'INVALID_ARGUMENT', means: 'the body names no field to change' },
  NOT_HTTP: { status: 'INVALID_ARGUMENT', means: 'what arrived is not a request of HTTP/1.1' },
  NO_KEY: { status: 'UNAUTHENTICATED', means: 'the request carries no access key' },
  WRONG_KEY: { status: 'UNAUTHENTICATED', means: 'the access key is unknown or was revoked' },
  EXPIRED_KEY: { status: 'UNAUTHENTICATED', means: 'the access key has expired' },
  OPERATOR_ONLY: { status: 'PERMISSION_DENIED', means: 'only the operator key may make this call' },
  MISSING_SCOPE: { status: 'PERMISSION_DENIED', means: 'the access key lacks the scope that this call needs' },
  NOT_FOUND: { status: 'NOT_FOUND', means: 'there is no such thing, or it belongs to somebody else' },
  NO_SUCH_CALL: { status: 'NOT_FOUND', means: 'no call has this path' },
  METHOD_NOT_ALLOWED: { status: 'METHOD_NOT_ALLOWED', means: 'the path has no call with this method' },
  REQUEST_TIMEOUT: { status: 'REQUEST_TIMEOUT', means: 'the request did not arrive in time' },
  CUSTOMER_EXISTS: { status: 'ALREADY_EXISTS', means: 'there is a customer with this id already' },
  TOO_MANY_WEBHOOKS: { status: 'CONFLICT', means: 'the customer has as many webhooks as it may have; delete one' },
  TOO_MANY_TESTS: { status: 'CONFLICT', means: 'five tests of the customer are under way; wait until one is over' },
  TOO_MANY_SECRETS: {
    status: 'CONFLICT',
    means: 'four secrets of the webhook are in use; the message says until when',
  },
  SECRET_UNREADABLE: { status: 'CONFLICT', means: 'the secret can no longer be read; rotate it' },
  WEBHOOK_NOT_ACTIVE: { status: 'CONFLICT', means: 'the webhook is not active; enable it first' },
  TOO_MANY_REPLAYS: {
    status: 'CONFLICT',
    means: 'ten replays of the webhook are not over yet; wait for one, or cancel one',
  },
  BYTES_NOT_KEPT: {
    status: 'CONFLICT',
    means: 'the record was too large to be kept; the message says where in the log it lies',
  },
  RECORD_TOO_LARGE: { status: 'CONFLICT', means: 'the record is larger than the event topic accepts now' },
  REQUEST_UNDER_WAY: {
    status: 'CONFLICT',
    means: 'the first request with this `Idempotency-Key` is not answered yet; repeat this one',
  },
  ANSWER_UNREADABLE: {
    status: 'CONFLICT',
    means: 'the request was carried out, and its kept answer can no longer be read',
  },
  OUTDATED: { status: 'PRECONDITION_FAILED', means: 'it has changed since the revision in `If-Match`' },
  BODY_TOO_LARGE: { status: 'PAYLOAD_TOO_LARGE', means: 'the body is larger than 256 KiB' },
  CONTENT_TYPE: { status: 'UNSUPPORTED_MEDIA_TYPE', means: 'the body is not declared as `application/json`' },
  CONTENT_ENCODING: { status: 'UNSUPPORTED_MEDIA_TYPE', means: 'the body is compressed' },
  UNKNOWN_EXPECTATION: { status: 'EXPECTATION_FAILED', means: 'the header `Expect` is not `100-continue`' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 'UNPROCESSABLE',
    means: 'this `Idempotency-Key` came with another request in the last 24 hours',
  },
  RATE_LIMITED: {
    status: 'RESOURCE_EXHAUSTED',
    means: 'the access key has made too many requests; wait as `Retry-After` says',
  },
  TOO_MANY_FAILURES: {
    status: 'RESOURCE_EXHAUSTED',
    means: 'there have been too many requests without a valid access key',
  },
  HEADERS_TOO_LARGE: { status: 'HEADERS_TOO_LARGE', means: 'the headers are larger than 16 KiB' },
  INTERNAL: { status: 'INTERNAL', means: 'a fault on our side' },
  DEPENDENCY_UNAVAILABLE: { status: 'UNAVAILABLE', means: 'something that the service needs does not answer' },
  REGISTRY_UNAVAILABLE: { status: 'UNAVAILABLE', means: 'the schema registry does not answer' },
  BUSY: { status: 'UNAVAILABLE', means: 'too many such requests of all customers together are under way' },
} as const satisfies Readonly<Record<string, { readonly status: ApiStatus; readonly means: string }>>;

export type Reason = keyof typeof REASONS;

/** The status that goes with a reason. */
export type StatusOf<R extends Reason> = (typeof REASONS)[R]['status'];

/** The reasons that go with a status. */
export type ReasonFor<S extends ApiStatus> = { [R in Reason]: StatusOf<R> extends S ? R : never }[Reason];
