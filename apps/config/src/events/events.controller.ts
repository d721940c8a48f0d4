import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import { Catalogue, fromJson } from '#libs/event-schemas';
import { isTooLargeError, RecordProducer, type TopicPlan } from '#libs/kafka';
import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { showTime } from '../http/time-span.ts';
import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { Changes } from '../audit/changes.ts';
import { eventTypeProblem } from '../event-types/known-event-type.ts';
import { invalidFields } from '../http/api-error.ts';
import { readBody } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { CLOCK, TOPIC_PLAN } from '../tokens.ts';
import { produceEvent, type shownProduced } from './events.description.ts';
import { newEvent } from './new-event.ts';
import { RegisteredEncoder } from './registered-encoder.ts';

/** Takes events as JSON and puts them on Kafka as a producer would; for the operator. */
@Controller('events')
@UseGuards(AccessGuard, OperatorGuard)
export class EventsController {
  private readonly catalogue: Catalogue;
  private readonly encoder: RegisteredEncoder;
  private readonly producer: RecordProducer;
  private readonly plan: TopicPlan;
  private readonly clock: Clock;

  constructor(
    @Inject(Catalogue) catalogue: Catalogue,
    @Inject(RegisteredEncoder) encoder: RegisteredEncoder,
    @Inject(RecordProducer) producer: RecordProducer,
    @Inject(TOPIC_PLAN) plan: TopicPlan,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.catalogue = catalogue;
    this.encoder = encoder;
    this.producer = producer;
    this.plan = plan;
    this.clock = clock;
  }

  @Post()
  @Describes(produceEvent)
  @HttpCode(202)
  @Changes('event.produce')
  async create(@Req() request: Request): Promise<Shown<typeof shownProduced>> {
    const body = await readBody(request, newEvent);
    const entry = this.entryFor(body.type, body.resource_type);
    const event = {
      id: body.id ?? randomUUID(),
      type: body.type,
      resource_type: entry.resourceType,
      customer_id: body.customer_id,
      tm_create: body.tm_create ?? showTime(this.clock.now()),
    };
    const checked = fromJson(entry, { ...event, data: body.data });
    if (!checked.ok) throw invalidFields(checked.details);
    const value = await this.encoder.encode(entry.resourceType, checked.value);
    await this.produce(body.customer_id, value);
    return event;
  }

  private entryFor(type: string, resourceType: string | undefined) {
    const known = this.catalogue.eventType(type);
    const entry = this.catalogue.resourceTypes.get(known?.resourceType ?? '');
    if (!entry) {
      const message = eventTypeProblem(type, this.catalogue) ?? 'is not a known event type';
      throw invalidFields([{ field: 'type', message }]);
    }
    if (resourceType !== undefined && resourceType !== entry.resourceType) {
      const message = `events of type ${type} have the resource type ${entry.resourceType}`;
      throw invalidFields([{ field: 'resource_type', message }]);
    }
    return entry;
  }

  private async produce(customerId: string, value: Buffer): Promise<void> {
    try {
      await this.producer.send({ topic: this.plan.events.name, key: customerId, value });
    } catch (error) {
      if (!isTooLargeError(error)) throw error;
      throw invalidFields([{ field: 'data', message: 'makes the event larger than the topic accepts' }]);
    }
  }
}
