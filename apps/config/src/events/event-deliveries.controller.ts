import { AttemptRepository, type EventDelivery } from '#libs/store';
import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { scopeOf } from '../access/principal.ts';
import { notFound } from '../http/api-error.ts';
import { readQuery } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { eventView, type shownEvent } from './event-view.ts';
import { getEvent, noQuery } from './events.description.ts';

/** What has become of an event, webhook by webhook. A customer sees its own events; the operator sees all. */
@Controller('events')
@UseGuards(AccessGuard)
export class EventDeliveriesController {
  private readonly attempts: AttemptRepository;

  constructor(@Inject(AttemptRepository) attempts: AttemptRepository) {
    this.attempts = attempts;
  }

  @Get(':id')
  @Describes(getEvent)
  async read(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownEvent>> {
    const [first, ...others] = await this.attempts.deliveriesOf(id, scopeOf(request));
    if (!first) throw notFound('The event');
    readQuery(request, noQuery);
    return eventView([first, ...others.filter((other) => isSameEvent(first, other))]);
  }
}

/** Producers choose the ids of events: those of two customers may share one. */
function isSameEvent(one: EventDelivery, other: EventDelivery): boolean {
  return one.newest.customerId === other.newest.customerId;
}
