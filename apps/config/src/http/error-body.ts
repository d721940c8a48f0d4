import type { ApiError } from './api-error.ts';

/** The one body of every answer that is not a success. */
export function errorBody(error: ApiError, requestId: string): object {
  return {
    error: {
      status: error.status,
      reason: error.reason,
      message: error.message,
      request_id: requestId,
      details: error.details,
    },
  };
}
