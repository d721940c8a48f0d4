import { messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Response } from 'express';

import { API_STATUS, ApiError } from './api-error.ts';
import { requestIdOf } from './request-id.ts';

const RETRY_AFTER_SECONDS = '5';

/** Turns whatever was thrown into the one error body of the admin REST. Nothing internal gets out. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return;
    // The readiness probe brings its own body: which dependency is down.
    if (thrown instanceof ServiceUnavailableException) {
      response.status(API_STATUS.UNAVAILABLE).json(thrown.getResponse());
      return;
    }
    const error = toApiError(thrown);
    const requestId = requestIdOf(response);
    if (error.status === 'INTERNAL') this.logger.error({ err: thrown, request_id: requestId }, 'request failed');
    if (error.status === 'UNAVAILABLE') {
      response.setHeader('retry-after', RETRY_AFTER_SECONDS);
      this.logger.warn({ request_id: requestId }, `answered 503: ${messageOf(thrown)}`);
    }
    if (error.status === 'UNAUTHENTICATED') response.setHeader('www-authenticate', 'Bearer');
    response.status(API_STATUS[error.status]).json({
      error: {
        status: error.status,
        reason: error.reason,
        message: error.message,
        request_id: requestId,
        details: error.details,
      },
    });
  }
}

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof UnavailableError) {
    return new ApiError('UNAVAILABLE', 'DEPENDENCY_UNAVAILABLE', 'The service cannot do this right now; try again.');
  }
  if (thrown instanceof NotFoundException) return new ApiError('NOT_FOUND', 'NO_SUCH_CALL', 'There is no such call.');
  switch (bodyErrorType(thrown)) {
    case undefined:
      return new ApiError('INTERNAL', 'INTERNAL', 'The request failed for a reason on our side.');
    case 'entity.too.large':
      return new ApiError('PAYLOAD_TOO_LARGE', 'BODY_TOO_LARGE', 'The request body is larger than 256 KiB.');
    case 'encoding.unsupported':
      return new ApiError('UNSUPPORTED_MEDIA_TYPE', 'CONTENT_ENCODING', 'The content-encoding is not supported.');
    default:
      return new ApiError('INVALID_ARGUMENT', 'UNREADABLE_BODY', 'The request body could not be read.');
  }
}

/** The kind of failure that the body parser names. */
function bodyErrorType(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('type' in thrown) || !('status' in thrown)) return undefined;
  return typeof thrown.type === 'string' && typeof thrown.status === 'number' ? thrown.type : undefined;
}
