import { rejectedEventCursor, RejectedEventRepository } from '#libs/store';
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { type PageBody, pageToken, readTimedPageParameters } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { rejectedEventView, type shownRejectedEvent } from './rejected-event-view.ts';
import { listRejectedEvents } from './rejected-events.description.ts';

/** A page holds this many bytes of records, at most; then it is shorter than was asked. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Records that can never be delivered as they are, the newest first; for the operator. */
@Controller('rejected-events')
@UseGuards(AccessGuard, OperatorGuard)
export class RejectedEventsController {
  private readonly rejectedEvents: RejectedEventRepository;

  constructor(@Inject(RejectedEventRepository) rejectedEvents: RejectedEventRepository) {
    this.rejectedEvents = rejectedEvents;
  }

  @Get()
  @Describes(listRejectedEvents)
  async list(@Req() request: Request): Promise<PageBody<Shown<typeof shownRejectedEvent>>> {
    const query = readQuery(request, readTimedPageParameters);
    const { entries, more } = await this.rejectedEvents.list({
      before: query.page_token,
      limit: query.page_size,
      maxBytes: PAGE_BYTES,
    });
    const last = entries.at(-1);
    return {
      result: entries.map(rejectedEventView),
      next_page_token: more && last ? pageToken(rejectedEventCursor(last)) : '',
    };
  }
}
