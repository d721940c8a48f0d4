import { randomUUID } from 'node:crypto';

import type { NextFunction, Request, Response } from 'express';

const HEADER = 'x-request-id';
const USABLE = /^[\w.-]{1,100}$/;

/** Gives every request an id, the client's own where it sent a usable one, and echoes it. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.header(HEADER);
  response.setHeader(HEADER, given !== undefined && USABLE.test(given) ? given : randomUUID());
  next();
}

export function requestIdOf(response: Response): string {
  return String(response.getHeader(HEADER) ?? '');
}
