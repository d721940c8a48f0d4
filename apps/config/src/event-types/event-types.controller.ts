import { Catalogue } from '#libs/event-schemas';
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';

import { AccessGuard } from '../access/access.guard.ts';
import type { PageBody } from '../http/paging.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { listEventTypes, type shownEventType } from './event-types.description.ts';

/** The catalogue of event types, as the schemas folder describes it. */
@Controller('event-types')
@UseGuards(AccessGuard)
export class EventTypesController {
  private readonly answer: PageBody<Shown<typeof shownEventType>>;

  constructor(@Inject(Catalogue) catalogue: Catalogue) {
    this.answer = {
      result: [...catalogue.resourceTypes.values()].flatMap(({ resourceType, group, eventTypes }) =>
        eventTypes.map(({ type, doc, delivered }) => ({
          type,
          resource_type: resourceType,
          group: group ?? null,
          description: doc,
          delivered,
        })),
      ),
      next_page_token: '',
    };
  }

  @Get()
  @Describes(listEventTypes)
  list(): PageBody<Shown<typeof shownEventType>> {
    return this.answer;
  }
}
