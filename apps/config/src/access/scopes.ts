import type { AccessScope } from '#libs/store';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

import { ApiError } from '../http/api-error.ts';

/** Says which scope a call needs where its method does not: reading is GET and HEAD, everything else writes. */
export const NeedsScope = Reflector.createDecorator<AccessScope>();

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const reflector = new Reflector();

/** @throws ApiError 403 that names the scope which the key lacks */
export function requireScope(context: ExecutionContext, scopes: readonly AccessScope[]): void {
  const { method } = context.switchToHttp().getRequest<Request>();
  const byMethod: AccessScope = READING.has(method) ? 'read' : 'write';
  const needed: AccessScope = reflector.get(NeedsScope, context.getHandler()) ?? byMethod;
  if (scopes.includes(needed)) return;
  const message = `This call needs the scope "${needed}"; the access key has only "${scopes.join('", "')}".`;
  throw new ApiError('PERMISSION_DENIED', 'MISSING_SCOPE', message);
}
