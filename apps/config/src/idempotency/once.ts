import { createHash } from 'node:crypto';

import { assertNever, messageOf } from '#libs/domain';
import type { Logger, SecretBox } from '#libs/runtime';
import type { IdempotencyRepository, KeptAnswer, OnceRequest } from '#libs/store';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';

import { scopeOf } from '../access/principal.ts';
import { ApiError, conflict, invalidFields } from '../http/api-error.ts';
import { requestBytes } from '../http/request-json.ts';

const KEY = 'idempotency-key';
const USABLE = /^[\x21-\x7e]{1,255}$/;
const REPEAT_AFTER_SECONDS = 1;

/**
 * Carries out a `POST` with an `Idempotency-Key` once (draft-ietf-httpapi-idempotency-key-header-07): whoever repeats it within 24 hours
 * gets the answer of the first one. A request that is refused has done nothing, and is not kept.
 */
export class Once implements NestInterceptor<unknown, unknown> {
  private readonly repository: IdempotencyRepository;
  private readonly box: SecretBox;
  private readonly logger: Logger;

  constructor(given: { repository: IdempotencyRepository; box: SecretBox; logger: Logger }) {
    this.repository = given.repository;
    this.box = given.box;
    this.logger = given.logger;
  }

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const key = request.header(KEY);
    if (request.method !== 'POST' || key === undefined) return next.handle();
    if (!USABLE.test(key)) {
      throw invalidFields([{ field: KEY, message: 'must be 1 to 255 visible characters of ASCII, such as a UUID' }]);
    }
    const response = http.getResponse<Response>();
    const wanted = { id: idOf(request, key), fingerprint: await fingerprintOf(request) };
    const outcome = await this.repository.begin(wanted);
    switch (outcome.kind) {
      case 'begun':
        return of(await this.carriedOut(wanted, outcome.token, next, response));
      case 'answered':
        return of(this.repeated(outcome.answer, response));
      case 'under_way':
        throw new ApiError(
          'REQUEST_UNDER_WAY',
          'The first request with this Idempotency-Key is still under way; repeat this one.',
          { retryAfterSeconds: REPEAT_AFTER_SECONDS },
        );
      case 'other_request':
        throw new ApiError(
          'IDEMPOTENCY_KEY_REUSED',
          'This Idempotency-Key came with another request in the last 24 hours; give each request a key of its own.',
        );
      default:
        return assertNever(outcome);
    }
  }

  private async carriedOut(
    { id }: OnceRequest,
    token: string,
    next: CallHandler<unknown>,
    response: Response,
  ): Promise<unknown> {
    try {
      const body = await lastValueFrom(next.handle());
      await this.keep(id, token, body, response);
      return body;
    } catch (error) {
      await this.repository.release(id, token).catch((cause: unknown) => this.warn(cause));
      throw error;
    }
  }

  /** What was done is done: that its answer could not be kept does not change it. */
  private async keep(id: string, token: string, body: unknown, response: Response): Promise<void> {
    const etag = response.getHeader('etag');
    const sealed = this.box.seal(Buffer.from(JSON.stringify(body)));
    const answer = { body: sealed, ...(etag === undefined ? {} : { etag: String(etag) }) };
    await this.repository.finish(id, token, answer).catch((cause: unknown) => this.warn(cause));
  }

  private repeated({ body, etag }: KeptAnswer, response: Response): unknown {
    const bytes = this.box.open(body);
    if (!bytes) throw conflict('ANSWER_UNREADABLE', 'The request was carried out; its answer can no longer be read.');
    if (etag !== undefined) response.setHeader('etag', etag);
    response.setHeader('idempotency-replayed', 'true');
    return JSON.parse(bytes.toString());
  }

  private warn(cause: unknown): void {
    this.logger.warn(`a request with an Idempotency-Key was not kept: ${messageOf(cause)}`);
  }
}

/** Keys of different callers never meet. */
function idOf(request: Request, key: string): string {
  return hashOf(scopeOf(request) ?? 'operator', key);
}

async function fingerprintOf(request: Request): Promise<string> {
  const body = await requestBytes(request);
  return hashOf(request.method, request.originalUrl, request.header('if-match') ?? '', body);
}

function hashOf(...parts: ReadonlyArray<string | Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)} `).update(part);
  return hash.digest('hex');
}
