/** What is wrong with one field of a request. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The API has answered, and did not do what was asked. Decide by `reason`, which is stable. */
export class ApiRefusal extends Error {
  /** HTTP. */
  readonly status: number;
  /** Such as `NOT_FOUND`; `UNKNOWN` when the answer was not the API's own, but a proxy's, say. */
  readonly reason: string;
  readonly details: readonly FieldProblem[];
  /** For the operator, when you ask what happened. */
  readonly requestId: string | undefined;
  /** Seconds to wait before another try, where the API says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(given: {
    message: string;
    status: number;
    reason: string;
    details: readonly FieldProblem[];
    requestId: string | undefined;
    retryAfterSeconds: number | undefined;
  }) {
    super(given.message);
    this.name = 'ApiRefusal';
    this.status = given.status;
    this.reason = given.reason;
    this.details = given.details;
    this.requestId = given.requestId;
    this.retryAfterSeconds = given.retryAfterSeconds;
  }
}

/** No answer has come: whether what was asked has been done is not known. */
export class ApiUnreachable extends Error {
  readonly code = 'API_UNREACHABLE';

  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = 'ApiUnreachable';
  }
}
