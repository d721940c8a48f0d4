import { deadLetterCursor, DeadLetterRepository } from '#libs/store';
import { Controller, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { Changes } from '../audit/changes.ts';
import { conflict, notFound } from '../http/api-error.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { MOST_DEAD_LETTERS } from '../replays/most-counted.ts';
import type { shownReplay } from '../replays/replay-view.ts';
import { ReplaysService } from '../replays/replays.service.ts';
import { OwnedWebhooks } from '../webhooks/owned-webhooks.ts';
import { redeliverDeadLetter, redeliverDeadLetters } from './dead-letters.description.ts';

/** Delivers dead letters of a webhook once more: one, or all that were not redelivered yet. Each call is a replay. */
@Controller('webhooks/:id/dead-letters')
@UseGuards(AccessGuard)
export class RedeliveryController {
  private readonly webhooks: OwnedWebhooks;
  private readonly deadLetters: DeadLetterRepository;
  private readonly service: ReplaysService;

  constructor(
    @Inject(OwnedWebhooks) webhooks: OwnedWebhooks,
    @Inject(DeadLetterRepository) deadLetters: DeadLetterRepository,
    @Inject(ReplaysService) service: ReplaysService,
  ) {
    this.webhooks = webhooks;
    this.deadLetters = deadLetters;
    this.service = service;
  }

  @Post('redeliver')
  @Describes(redeliverDeadLetters)
  @HttpCode(202)
  @Changes('dead_letter.redeliver')
  async all(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownReplay>> {
    const webhook = await this.webhooks.find(id, request);
    await this.service.mayReplay(webhook);
    const { count, upTo } = await this.deadLetters.notRedelivered(webhook.id, MOST_DEAD_LETTERS);
    return this.service.create(webhook, { kind: 'dead_letters', id: undefined, total: count, upTo });
  }

  @Post(':letter/redeliver')
  @Describes(redeliverDeadLetter)
  @HttpCode(202)
  @Changes('dead_letter.redeliver')
  async one(
    @Param('id') id: string,
    @Param('letter') letterId: string,
    @Req() request: Request,
  ): Promise<Shown<typeof shownReplay>> {
    const webhook = await this.webhooks.find(id, request);
    const letter = await this.deadLetters.find(webhook.id, letterId);
    if (!letter) throw notFound('The dead letter');
    await this.service.mayReplay(webhook);
    if (!letter.kept.value) {
      const { topic, partition, offset } = letter.kept.position;
      const message = `The bytes of this dead letter are not kept here; they lie in ${topic}, partition ${partition}, offset ${offset}.`;
      throw conflict('BYTES_NOT_KEPT', message);
    }
    const upTo = deadLetterCursor(letter);
    return this.service.create(webhook, { kind: 'dead_letters', id: letterId, total: 1, upTo });
  }
}
