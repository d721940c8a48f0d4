/** The machine-readable kinds of failure that the admin REST answers with, and their HTTP status. */
export const API_STATUS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ALREADY_EXISTS: 409,
  CONFLICT: 409,
  REQUEST_TIMEOUT: 408,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  EXPECTATION_FAILED: 417,
  UNPROCESSABLE: 422,
  RESOURCE_EXHAUSTED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

export type ApiStatus = keyof typeof API_STATUS;

/** What is wrong with one field of the input. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** An answer of the admin REST that is not a success. */
export class ApiError extends Error {
  readonly status: ApiStatus;
  /** Stable, more exact than `status`. */
  readonly reason: string;
  readonly details: readonly FieldProblem[];
  /** For the `Retry-After` of the answer. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: ApiStatus,
    reason: string,
    message: string,
    { details = [], retryAfterSeconds }: { details?: readonly FieldProblem[]; retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** 400 for input whose fields are wrong. */
export function invalidFields(details: readonly FieldProblem[]): ApiError {
  const fields = details.map(({ field }) => field).join(', ');
  return new ApiError('INVALID_ARGUMENT', 'INVALID_FIELDS', `The request is not valid: ${fields}.`, { details });
}

/** 409 for what cannot be done as things are now. @param reason stable */
export function conflict(reason: string, message: string): ApiError {
  return new ApiError('CONFLICT', reason, message);
}

/** 404; the same for what does not exist and for what belongs to somebody else. */
export function notFound(what: string): ApiError {
  return new ApiError('NOT_FOUND', 'NOT_FOUND', `${what} was not found.`);
}

/** 429 for who asks too often. @param reason stable */
export function tooManyRequests(reason: string, message: string, retryAfterSeconds: number): ApiError {
  return new ApiError('RESOURCE_EXHAUSTED', reason, message, { retryAfterSeconds });
}
