import { AuditRepository } from '#libs/store';
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { type PageBody, pageBody } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { auditView, type shownAuditEntry } from './audit-view.ts';
import { auditQuery, listAudit } from './audit.description.ts';

/** Who has changed what, the newest first; for the operator. */
@Controller('audit')
@UseGuards(AccessGuard, OperatorGuard)
export class AuditController {
  private readonly entries: AuditRepository;

  constructor(@Inject(AuditRepository) entries: AuditRepository) {
    this.entries = entries;
  }

  @Get()
  @Describes(listAudit)
  async list(@Req() request: Request): Promise<PageBody<Shown<typeof shownAuditEntry>>> {
    const query = readQuery(request, auditQuery);
    const found = await this.entries.list({
      customerId: query.customer_id,
      before: query.page_token,
      limit: query.page_size + 1,
    });
    return pageBody(found, { size: query.page_size }, ({ id }) => id, auditView);
  }
}
