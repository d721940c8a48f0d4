import { type AuditEntry, AuditRepository } from '#libs/store';
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { customerId } from '../customers/customer-id.ts';
import { type PageBody, pageBody, pageParameters } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import { showTime } from '../http/time-span.ts';

const parameters = z.strictObject({ ...pageParameters(() => true), customer_id: customerId.optional() });

/** Who has changed what, the newest first; for the operator. */
@Controller('audit')
@UseGuards(AccessGuard, OperatorGuard)
export class AuditController {
  private readonly entries: AuditRepository;

  constructor(@Inject(AuditRepository) entries: AuditRepository) {
    this.entries = entries;
  }

  @Get()
  async list(@Req() request: Request): Promise<PageBody<object>> {
    const query = readQuery(request, parameters);
    const found = await this.entries.list({
      customerId: query.customer_id,
      before: query.page_token,
      limit: query.page_size + 1,
    });
    return pageBody(found, { size: query.page_size }, ({ id }) => id, view);
  }
}

function view(entry: AuditEntry): object {
  return {
    id: entry.id,
    at: showTime(entry.at),
    action: entry.action,
    caller: entry.caller.kind,
    access_key_id: entry.caller.kind === 'access_key' ? entry.caller.accessKeyId : null,
    customer_id: entry.customerId ?? null,
    target: entry.target,
    fields: entry.fields,
    request_id: entry.requestId,
    client: entry.client,
    outcome: entry.outcome,
  };
}
