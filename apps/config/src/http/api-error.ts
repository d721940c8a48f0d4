import type { ApiStatus } from './api-status.ts';
import { type Reason, type ReasonFor, REASONS } from './reasons.ts';

/** What is wrong with one field of the input. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** An answer of the admin REST that is not a success. */
export class ApiError extends Error {
  readonly status: ApiStatus;
  /** Stable, more exact than `status`. */
  readonly reason: Reason;
  readonly details: readonly FieldProblem[];
  /** For the `Retry-After` of the answer. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    reason: Reason,
    message: string,
    { details = [], retryAfterSeconds }: { details?: readonly FieldProblem[]; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = REASONS[reason].status;
    this.reason = reason;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** 400 for input whose fields are wrong. */
export function invalidFields(details: readonly FieldProblem[]): ApiError {
  const fields = details.map(({ field }) => field).join(', ');
  return new ApiError('INVALID_FIELDS', `The request is not valid: ${fields}.`, { details });
}

/** 409 for what cannot be done as things are now. */
export function conflict(reason: ReasonFor<'CONFLICT'>, message: string): ApiError {
  return new ApiError(reason, message);
}

/** 404; the same for what does not exist and for what belongs to somebody else. */
export function notFound(what: string): ApiError {
  return new ApiError('NOT_FOUND', `${what} was not found.`);
}

/** 429 for who asks too often. */
export function tooManyRequests(
  reason: ReasonFor<'RESOURCE_EXHAUSTED'>,
  message: string,
  retryAfterSeconds: number,
): ApiError {
  return new ApiError(reason, message, { retryAfterSeconds });
}
