import { AttemptRepository, sortKey } from '#libs/store';
import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { type PageBody, pageBody } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { OwnedWebhooks } from '../webhooks/owned-webhooks.ts';
import { attemptView, type shownAttempt } from './attempt-view.ts';
import { listAttempts } from './attempts.description.ts';
import { attemptsQuery } from './attempts-query.ts';

/** What was tried for a webhook, the newest first. */
@Controller('webhooks/:id/attempts')
@UseGuards(AccessGuard)
export class AttemptsController {
  private readonly webhooks: OwnedWebhooks;
  private readonly attempts: AttemptRepository;

  constructor(@Inject(OwnedWebhooks) webhooks: OwnedWebhooks, @Inject(AttemptRepository) attempts: AttemptRepository) {
    this.webhooks = webhooks;
    this.attempts = attempts;
  }

  @Get()
  @Describes(listAttempts)
  async list(@Param('id') id: string, @Req() request: Request): Promise<PageBody<Shown<typeof shownAttempt>>> {
    const webhook = await this.webhooks.find(id, request);
    const query = readQuery(request, attemptsQuery);
    const found = await this.attempts.list({
      webhookId: webhook.id,
      status: query.status,
      outcome: query.outcome,
      eventType: query.event_type,
      eventId: query.event_id,
      since: query.since,
      until: query.until,
      before: query.page_token,
      limit: query.page_size + 1,
    });
    return pageBody(found, { size: query.page_size }, (record) => sortKey(record.at, record.id), attemptView);
  }
}
