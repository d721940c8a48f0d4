import { Catalogue } from '#libs/event-schemas';
import { Controller, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { Changes } from '../audit/changes.ts';
import { readBody } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { OwnedWebhooks } from '../webhooks/owned-webhooks.ts';
import { LogReach } from './log-reach.ts';
import { newReplaySchema } from './new-replay.ts';
import type { shownReplay } from './replay-view.ts';
import { createReplay } from './replays.description.ts';
import { ReplaysService } from './replays.service.ts';

/** Delivers events of a span of time to a webhook once more. */
@Controller('webhooks/:id/replays')
@UseGuards(AccessGuard)
export class WebhookReplaysController {
  private readonly webhooks: OwnedWebhooks;
  private readonly reach: LogReach;
  private readonly service: ReplaysService;
  private readonly schema: ReturnType<typeof newReplaySchema>;

  constructor(
    @Inject(OwnedWebhooks) webhooks: OwnedWebhooks,
    @Inject(LogReach) reach: LogReach,
    @Inject(ReplaysService) service: ReplaysService,
    @Inject(Catalogue) catalogue: Catalogue,
  ) {
    this.webhooks = webhooks;
    this.reach = reach;
    this.service = service;
    this.schema = newReplaySchema(catalogue);
  }

  @Post()
  @Describes(createReplay)
  @HttpCode(202)
  @Changes('replay.create')
  async create(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownReplay>> {
    const webhook = await this.webhooks.find(id, request);
    const body = await readBody(request, this.schema);
    await this.service.mayReplay(webhook);
    const part = await this.reach.find(webhook.customerId, body);
    const { event_types: eventTypes, only, dry_run: dryRun } = body;
    return this.service.create(webhook, { kind: 'log', ...part, eventTypes, only, dryRun });
  }
}
