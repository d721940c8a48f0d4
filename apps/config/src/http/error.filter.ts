import { messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Request, Response } from 'express';

import { ApiError } from './api-error.ts';
import { API_STATUS } from './api-status.ts';
import { errorBody } from './error-body.ts';
import { knownMethods } from './known-methods.ts';
import { requestIdOf } from './request-id.ts';

const RETRY_AFTER_SECONDS = 5;

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
    const methods = thrown instanceof NotFoundException ? knownMethods(host.switchToHttp().getRequest<Request>()) : [];
    if (methods.length > 0) response.setHeader('allow', methods.join(', '));
    this.answer(response, toApiError(thrown, methods), thrown);
  }

  private answer(response: Response, error: ApiError, thrown: unknown): void {
    const requestId = requestIdOf(response);
    if (error.status === 'INTERNAL') this.logger.error({ err: thrown, request_id: requestId }, 'request failed');
    if (error.status === 'UNAVAILABLE') {
      this.logger.warn({ request_id: requestId }, `answered 503: ${messageOf(thrown)}`);
    }
    const wait = error.retryAfterSeconds ?? (error.status === 'UNAVAILABLE' ? RETRY_AFTER_SECONDS : undefined);
    if (wait !== undefined) response.setHeader('retry-after', String(wait));
    if (error.status === 'UNAUTHENTICATED') response.setHeader('www-authenticate', 'Bearer');
    response.status(API_STATUS[error.status]).json(errorBody(error, requestId));
  }
}

function toApiError(thrown: unknown, methods: readonly string[]): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof UnavailableError) {
    return new ApiError('DEPENDENCY_UNAVAILABLE', 'The service cannot do this right now; try again.');
  }
  if (methods.length > 0) {
    return new ApiError('METHOD_NOT_ALLOWED', `This path answers to ${methods.join(', ')}.`);
  }
  // A path whose percent-encoding is broken cannot name anything that exists.
  if (thrown instanceof NotFoundException || (thrown instanceof HttpException && thrown.cause instanceof URIError)) {
    return new ApiError('NO_SUCH_CALL', 'There is no such call.');
  }
  return new ApiError('INTERNAL', 'The request failed for a reason on our side.');
}
