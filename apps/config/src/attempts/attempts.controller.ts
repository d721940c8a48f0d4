import { ATTEMPT_RESULTS } from '#libs/domain';
import { AttemptRepository, isSortKey, sortKey, STATUS_CLASSES } from '#libs/store';
import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';

import { AccessGuard } from '../access/access.guard.ts';
import { pageBody, pageParameters } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import { EMPTY_SPAN, spanIsNotEmpty, timeSpan } from '../http/time-span.ts';
import { OwnedWebhooks } from '../webhooks/owned-webhooks.ts';
import { attemptView } from './attempt-view.ts';

const oneOf = <T extends string>(values: readonly [T, ...T[]]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).optional();
const text = (example: string) =>
  z
    .string({ error: 'must be given once' })
    .min(1, { error: `must not be empty; write for example ${example}` })
    .optional();

const parameters = z
  .strictObject({
    status: oneOf(STATUS_CLASSES),
    outcome: oneOf(ATTEMPT_RESULTS),
    event_type: text('call_hangup'),
    event_id: text('7b1e6f0e-3c5f-4a5e-9a57-0f2f5c0b6d11'),
    ...timeSpan,
    ...pageParameters(isSortKey),
  })
  .refine(spanIsNotEmpty, EMPTY_SPAN);

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
  async list(@Param('id') id: string, @Req() request: Request): Promise<object> {
    const webhook = await this.webhooks.find(id, request);
    const query = readQuery(request, parameters);
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
