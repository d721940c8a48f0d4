import type { Clock } from '#libs/domain';
import { type AccessKey, AccessKeyRepository } from '#libs/store';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import { showTime } from '../http/time-span.ts';
import { ApiError } from '../http/api-error.ts';
import { FailedAccess } from '../limits/failed-access.ts';
import { KeyRates } from '../limits/key-rates.ts';
import { CLOCK } from '../tokens.ts';
import { matchesHash, NOBODYS_HASH, readToken, sameText } from './access-token.ts';
import { KeyUse } from './key-use.ts';
import { principalOf, setPrincipal } from './principal.ts';
import { requireScope } from './scopes.ts';

/** Injection token: the operator's key. */
export const OPERATOR_KEY = Symbol('OPERATOR_KEY');

/** Lets requests with a valid key pass and notes whose it is; 401 for all others, 403 where its scopes do not reach. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly operatorKey: string;
  private readonly keys: AccessKeyRepository;
  private readonly use: KeyUse;
  private readonly rates: KeyRates;
  private readonly failures: FailedAccess;
  private readonly clock: Clock;

  constructor(
    @Inject(OPERATOR_KEY) operatorKey: string,
    @Inject(AccessKeyRepository) keys: AccessKeyRepository,
    @Inject(KeyUse) use: KeyUse,
    @Inject(KeyRates) rates: KeyRates,
    @Inject(FailedAccess) failures: FailedAccess,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.operatorKey = operatorKey;
    this.keys = keys;
    this.use = use;
    this.rates = rates;
    this.failures = failures;
    this.clock = clock;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    try {
      return await this.admit(request, context);
    } catch (error) {
      if (error instanceof ApiError && error.status === 'UNAUTHENTICATED') {
        await this.failures.noted(request.ip ?? '', error.reason);
      }
      throw error;
    }
  }

  private async admit(request: Request, context: ExecutionContext): Promise<boolean> {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? [];
    if (token === undefined) {
      throw new ApiError('NO_KEY', 'Send an access key: "Authorization: Bearer <key>".');
    }
    if (sameText(token, this.operatorKey)) {
      setPrincipal(request, { kind: 'operator' });
      return true;
    }
    const key = await this.keyFor(token);
    this.use.note(key);
    setPrincipal(request, { kind: 'customer', customerId: key.customerId, keyId: key.id });
    this.rates.count(key.id, context.switchToHttp().getResponse<Response>());
    requireScope(context, key.scopes);
    return true;
  }

  /** An unknown id costs the same comparison as a wrong secret. @throws ApiError 401 */
  private async keyFor(token: string): Promise<AccessKey> {
    const parts = readToken(token);
    const key = parts && (await this.keys.find(parts.id));
    const matches = matchesHash(parts?.secret ?? '', key?.secretHash ?? NOBODYS_HASH);
    if (!key || !matches) throw new ApiError('WRONG_KEY', 'The access key is not valid.');
    if (key.expiresAt !== undefined && key.expiresAt <= this.clock.now()) {
      const message = `The access key expired at ${showTime(key.expiresAt)}.`;
      throw new ApiError('EXPIRED_KEY', message);
    }
    return key;
  }
}

/** Lets only the operator pass; 403 for customers. Stands behind {@link AccessGuard}. */
@Injectable()
export class OperatorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (principalOf(request).kind === 'operator') return true;
    throw new ApiError('OPERATOR_ONLY', 'Only the operator key may make this call.');
  }
}
