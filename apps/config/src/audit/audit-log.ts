import { type Clock, messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { AuditCaller, AuditEntry, AuditRepository } from '#libs/store';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';

import { principalOf } from '../access/principal.ts';
import { ApiError } from '../http/api-error.ts';
import { API_STATUS } from '../http/api-status.ts';
import { requestIdOf } from '../http/request-id.ts';
import { requestBytes } from '../http/request-json.ts';
import { type AuditAction, Changes } from './changes.ts';

const SERVER_ERROR = 500;
const MAX_FIELDS = 50;
/** What the ids in a path are called in the log. */
const TARGET_NAMES: Readonly<Record<string, string>> = {
  id: 'id',
  customerId: 'customer_id',
  keyId: 'id',
  letter: 'dead_letter_id',
};
const FIELD_NAME = /^[a-z_]{1,50}$/;

/**
 * Notes each change before it is made, and afterwards that it was: what cannot be noted is not done, and a crash in between leaves an
 * entry whose outcome is unknown, not a change without an entry. Of refused requests nothing is left.
 */
export class AuditLog implements NestInterceptor<unknown, unknown> {
  private readonly repository: AuditRepository;
  private readonly clock: Clock;
  private readonly newId: () => string;
  private readonly logger: Logger;

  constructor(given: { repository: AuditRepository; clock: Clock; newId: () => string; logger: Logger }) {
    this.repository = given.repository;
    this.clock = given.clock;
    this.newId = given.newId;
    this.logger = given.logger;
  }

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const action: AuditAction | undefined = Reflect.getMetadata(Changes.KEY, context.getHandler());
    if (action === undefined) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const entry = await this.entryFor(action, request, http.getResponse<Response>());
    await this.repository.begin(entry);
    try {
      const answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
      await this.tell(() => this.repository.done(entry.id, withAnswer(entry, answer)));
      return of(answer);
    } catch (error) {
      const refused = error instanceof ApiError && API_STATUS[error.status] < SERVER_ERROR;
      if (refused) await this.tell(() => this.repository.refused(entry.id));
      throw error;
    }
  }

  private async entryFor(action: AuditAction, request: Request, response: Response): Promise<AuditEntry> {
    const principal = principalOf(request);
    const caller: AuditCaller =
      principal.kind === 'operator' ? { kind: 'operator' } : { kind: 'access_key', accessKeyId: principal.keyId };
    return {
      id: this.newId(),
      at: this.clock.now(),
      action,
      caller,
      customerId: principal.kind === 'operator' ? textIn(request.params, 'customerId') : principal.customerId,
      target: targetIn(request.params),
      fields: await fieldsOf(request),
      requestId: requestIdOf(response),
      client: request.ip ?? '',
      outcome: 'unknown',
    };
  }

  /** What was done is done: that it could not be told does not change it. */
  private async tell(write: () => Promise<void>): Promise<void> {
    await write().catch((error: unknown) => {
      this.logger.warn(`the outcome of a change is not in the audit log: ${messageOf(error)}`);
    });
  }
}

function withAnswer(entry: AuditEntry, answer: unknown): Pick<AuditEntry, 'customerId' | 'target'> {
  const created = textIn(answer, 'id');
  return {
    customerId: entry.customerId ?? textIn(answer, entry.action === 'customer.create' ? 'id' : 'customer_id'),
    target: created === undefined || 'id' in entry.target ? entry.target : { ...entry.target, id: created },
  };
}

function targetIn(parameters: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) => {
      const shown = TARGET_NAMES[name];
      return shown !== undefined && typeof value === 'string' ? [[shown, value]] : [];
    }),
  );
}

/** The names of the fields in the body; a body that cannot be read has none, and is refused later. */
async function fieldsOf(request: Request): Promise<readonly string[]> {
  try {
    const bytes = await requestBytes(request);
    const body: unknown = bytes.length === 0 ? {} : JSON.parse(bytes.toString());
    const fields: object = Object(body);
    return Object.keys(fields)
      .filter((name) => FIELD_NAME.test(name))
      .slice(0, MAX_FIELDS);
  } catch {
    return [];
  }
}

function textIn(from: unknown, name: string): string | undefined {
  const value: unknown = Object(from)[name];
  return typeof value === 'string' ? value : undefined;
}
