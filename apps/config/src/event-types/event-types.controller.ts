import { Catalogue } from '#libs/event-schemas';
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';

import { AccessGuard } from '../access/access.guard.ts';

/** The catalogue of event types, as the schemas folder describes it. */
@Controller('event-types')
@UseGuards(AccessGuard)
export class EventTypesController {
  private readonly answer: object;

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
  list(): object {
    return this.answer;
  }
}
