import { UnavailableError } from '#libs/domain';
import { EventCodec } from '#libs/event-schemas';
import { type DeadLetter, deadLetterCursor, DeadLetterRepository } from '#libs/store';
import { Controller, Get, Header, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { pageToken, readTimedPageParameters } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import { Describes } from '../openapi/describes.ts';
import { OwnedWebhooks } from '../webhooks/owned-webhooks.ts';
import { deadLetterJson } from './dead-letter-json.ts';
import { listDeadLetters } from './dead-letters.description.ts';

/** A page holds this many bytes of events, at most; then it is shorter than was asked. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Deliveries of a webhook that were given up, the newest first. */
@Controller('webhooks/:id/dead-letters')
@UseGuards(AccessGuard)
export class DeadLettersController {
  private readonly webhooks: OwnedWebhooks;
  private readonly deadLetters: DeadLetterRepository;
  private readonly codec: EventCodec;

  constructor(
    @Inject(OwnedWebhooks) webhooks: OwnedWebhooks,
    @Inject(DeadLetterRepository) deadLetters: DeadLetterRepository,
    @Inject(EventCodec) codec: EventCodec,
  ) {
    this.webhooks = webhooks;
    this.deadLetters = deadLetters;
    this.codec = codec;
  }

  @Get()
  @Describes(listDeadLetters)
  @Header('content-type', 'application/json; charset=utf-8')
  async list(@Param('id') id: string, @Req() request: Request): Promise<string> {
    const webhook = await this.webhooks.find(id, request);
    const query = readQuery(request, readTimedPageParameters);
    const { entries, more } = await this.deadLetters.list({
      webhookId: webhook.id,
      before: query.page_token,
      limit: query.page_size,
      maxBytes: PAGE_BYTES,
    });
    const last = entries.at(-1);
    const token = more && last ? pageToken(deadLetterCursor(last)) : '';
    const shown = await Promise.all(entries.map(async (letter) => deadLetterJson(letter, await this.eventOf(letter))));
    return `{"result":[${shown.join(',')}],"next_page_token":${JSON.stringify(token)}}`;
  }

  /** As the endpoint would have got it; undefined when the bytes cannot be read, or were too large to be kept here. */
  private async eventOf({ kept }: DeadLetter): Promise<Buffer | undefined> {
    if (!kept.value) return undefined;
    const decoded = await this.codec.decode(kept.value);
    if (decoded.kind === 'unavailable') {
      throw new UnavailableError('schema_registry', decoded.cause.message, { cause: decoded.cause });
    }
    return decoded.kind === 'event' ? decoded.event.body : undefined;
  }
}
