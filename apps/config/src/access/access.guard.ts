import { AccessKeyRepository } from '#libs/store';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import { ApiError } from '../http/api-error.ts';
import { matchesHash, readToken, sameText } from './access-token.ts';
import { principalOf, setPrincipal } from './principal.ts';

/** Injection token: the operator's key. */
export const OPERATOR_KEY = Symbol('OPERATOR_KEY');

/** Lets requests with a valid key pass and notes whose it is; 401 for all others. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly operatorKey: string;
  private readonly keys: AccessKeyRepository;

  constructor(@Inject(OPERATOR_KEY) operatorKey: string, @Inject(AccessKeyRepository) keys: AccessKeyRepository) {
    this.operatorKey = operatorKey;
    this.keys = keys;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const [, token] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? [];
    if (token === undefined) {
      throw new ApiError('UNAUTHENTICATED', 'NO_KEY', 'Send an access key: "Authorization: Bearer <key>".');
    }
    if (sameText(token, this.operatorKey)) {
      setPrincipal(request, { kind: 'operator' });
      return true;
    }
    const parts = readToken(token);
    const key = parts ? await this.keys.find(parts.id) : undefined;
    if (!parts || !key || !matchesHash(parts.secret, key.secretHash)) {
      throw new ApiError('UNAUTHENTICATED', 'WRONG_KEY', 'The access key is not valid.');
    }
    setPrincipal(request, { kind: 'customer', customerId: key.customerId });
    return true;
  }
}

/** Lets only the operator pass; 403 for customers. Stands behind {@link AccessGuard}. */
@Injectable()
export class OperatorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (principalOf(request).kind === 'operator') return true;
    throw new ApiError('PERMISSION_DENIED', 'OPERATOR_ONLY', 'Only the operator key may make this call.');
  }
}
