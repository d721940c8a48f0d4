import type { Response } from 'got';

import { ApiRefusal, type FieldProblem } from './failures.ts';

/** What an answer that is not a success says. One that is not the API's own, a proxy's for example, is told by its status alone. */
export function refusalOf({ statusCode, headers, body }: Response<string>): ApiRefusal {
  const { reason, message, details } = errorIn(body);
  const wait = Number(headers['retry-after']);
  return new ApiRefusal({
    message: typeof message === 'string' ? message : `The answer has the status ${statusCode}.`,
    status: statusCode,
    reason: typeof reason === 'string' ? reason : 'UNKNOWN',
    details: Array.isArray(details) ? details.filter(isProblem) : [],
    requestId: headers['x-request-id']?.toString(),
    retryAfterSeconds: Number.isFinite(wait) ? wait : undefined,
  });
}

function errorIn(body: string): { reason?: unknown; message?: unknown; details?: unknown } {
  try {
    const { error }: { error?: unknown } = Object(JSON.parse(body));
    return Object(error);
  } catch {
    return {};
  }
}

function isProblem(value: unknown): value is FieldProblem {
  return typeof value === 'object' && value !== null && 'field' in value && 'message' in value;
}
