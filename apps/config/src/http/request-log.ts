import type { Logger } from '#libs/runtime';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { knownPrincipalOf } from '../access/principal.ts';
import { requestIdOf } from './request-id.ts';

/**
 * Logs a line for each request once it is answered, or its client has gone. Probes, which come all the time, are told only when their answer
 * changes. Ids in the path are in the log; query parameters, bodies and keys are not.
 */
export function requestLog(logger: Pick<Logger, 'debug' | 'info'>, now: () => number): RequestHandler {
  const statusOf = new Map<string, number>();
  const asBefore = (path: string, status: number): boolean => {
    const before = statusOf.get(path) ?? OK;
    statusOf.set(path, status);
    return before === status;
  };
  return (request: Request, response: Response, next: NextFunction): void => {
    const began = now();
    response.once('close', () => {
      const answered = response.writableFinished;
      const line = {
        request_id: requestIdOf(response),
        method: request.method,
        path: request.path.slice(0, MAX_PATH_LENGTH),
        status: answered ? response.statusCode : null,
        duration_ms: Math.round(now() - began),
        client: request.ip,
        ...callerOf(request),
      };
      if (answered && PROBES.has(request.path) && asBefore(request.path, response.statusCode)) {
        return logger.debug(line, 'request');
      }
      logger.info(line, answered ? 'request' : 'the client has gone');
    });
    next();
  };
}

const MAX_PATH_LENGTH = 500;
const PROBES = new Set(['/health/live', '/health/ready', '/metrics']);
const OK = 200;

function callerOf(request: Request): Readonly<Record<string, string>> {
  const principal = knownPrincipalOf(request);
  switch (principal?.kind) {
    case 'customer':
      return { customer_id: principal.customerId, access_key_id: principal.keyId };
    case 'operator':
      return { caller: 'operator' };
    case undefined:
      return {};
  }
}
