import type { AccessScope } from '#libs/store';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

import { ApiError } from '../http/api-error.ts';

/** Says which scope a call needs where its method does not: reading is GET and HEAD, everything else writes. */
export const NeedsScope = Reflector.createDecorator<AccessScope>();

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** The scope that a call needs. @param handler the controller's method */
export function scopeFor(method: string, handler: object): AccessScope {
  const byMethod: AccessScope = READING.has(method.toUpperCase()) ? 'read' : 'write';
  const named: AccessScope | undefined = Reflect.getMetadata(NeedsScope.KEY, handler);
  return named ?? byMethod;
}

/** @throws ApiError 403 that names the scope which the key lacks */
export function requireScope(context: ExecutionContext, scopes: readonly AccessScope[]): void {
  const { method } = context.switchToHttp().getRequest<Request>();
  const needed = scopeFor(method, context.getHandler());
  if (scopes.includes(needed)) return;
  const message = `This call needs the scope "${needed}"; the access key has only "${scopes.join('", "')}".`;
  throw new ApiError('MISSING_SCOPE', message);
}
