import type { LogPosition } from '#libs/domain';
import {
  isSortKey,
  type RejectedEvent,
  rejectedEventCursor,
  rejectedEventId,
  RejectedEventRepository,
} from '#libs/store';
import { Controller, Get, Inject, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { type PageBody, pageParameters, pageToken } from '../http/paging.ts';
import { readQuery } from '../http/read-body.ts';
import { showTime } from '../http/time-span.ts';

const parameters = z.strictObject(pageParameters(isSortKey));
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
  async list(@Req() request: Request): Promise<PageBody<object>> {
    const query = readQuery(request, parameters);
    const { entries, more } = await this.rejectedEvents.list({
      before: query.page_token,
      limit: query.page_size,
      maxBytes: PAGE_BYTES,
    });
    const last = entries.at(-1);
    return { result: entries.map(view), next_page_token: more && last ? pageToken(rejectedEventCursor(last)) : '' };
  }
}

/** The bytes are in base64; null where there are none, or more than are kept here. */
function view(event: RejectedEvent): object {
  const { kept, origin } = event;
  return {
    id: rejectedEventId(event),
    reason: event.reason ?? null,
    message: event.message,
    at: showTime(event.at),
    redriven_at: showTime(event.redrivenAt),
    key: kept.key?.toString('utf8') ?? null,
    value: kept.value?.toString('base64') ?? null,
    value_bytes: kept.bytes,
    origin: origin ? place(origin) : null,
    position: place(kept.position),
  };
}

function place({ topic, partition, offset }: LogPosition): object {
  return { topic, partition, offset };
}
