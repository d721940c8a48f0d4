import type { Clock } from '#libs/domain';
import { isTooLargeError, originalHeaders, RecordProducer, type TopicPlan } from '#libs/kafka';
import { RejectedEventRepository } from '#libs/store';
import { Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';

import { showTime } from '../http/time-span.ts';
import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { Changes } from '../audit/changes.ts';
import { conflict, notFound } from '../http/api-error.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { CLOCK, TOPIC_PLAN } from '../tokens.ts';
import type { shownRedrive } from './rejected-event-view.ts';
import { redriveRejectedEvent } from './rejected-events.description.ts';

/** Puts a rejected record back into the event topic, as it came; for the operator, once the cause is mended. */
@Controller('rejected-events')
@UseGuards(AccessGuard, OperatorGuard)
export class RedriveController {
  private readonly rejectedEvents: RejectedEventRepository;
  private readonly producer: RecordProducer;
  private readonly plan: TopicPlan;
  private readonly clock: Clock;

  constructor(
    @Inject(RejectedEventRepository) rejectedEvents: RejectedEventRepository,
    @Inject(RecordProducer) producer: RecordProducer,
    @Inject(TOPIC_PLAN) plan: TopicPlan,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.rejectedEvents = rejectedEvents;
    this.producer = producer;
    this.plan = plan;
    this.clock = clock;
  }

  @Post(':id/redrive')
  @Describes(redriveRejectedEvent)
  @HttpCode(202)
  @Changes('rejected_event.redrive')
  async redrive(@Param('id') id: string): Promise<Shown<typeof shownRedrive>> {
    const event = await this.rejectedEvents.find(id);
    if (!event) throw notFound('The rejected event');
    const { key, value, headers, position } = event.kept;
    if (!value) {
      const message = `The bytes of this record are not kept here, or it has none; it lies in ${position.topic}, partition ${position.partition}, offset ${position.offset}.`;
      throw conflict('BYTES_NOT_KEPT', message);
    }
    const record = { topic: this.plan.events.name, key: key ?? null, value, headers: originalHeaders(headers) };
    const written = await this.producer.send(record).catch((error: unknown) => {
      if (!isTooLargeError(error)) throw error;
      const message = `The record is larger than ${record.topic} accepts now; raise its max.message.bytes (EVENT_MAX_BYTES) first.`;
      throw conflict('RECORD_TOO_LARGE', message);
    });
    const now = this.clock.now();
    await this.rejectedEvents.markRedriven(id, now);
    return {
      id,
      redriven_at: showTime(now),
      position: { topic: written.topic, partition: written.partition, offset: written.offset },
    };
  }
}
