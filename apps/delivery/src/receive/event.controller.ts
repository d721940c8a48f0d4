import type { KafkaRecord, RecordContext, RecordOutcomes } from '#libs/kafka';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';

import { EventReceiver } from './event-receiver.ts';

/** The pattern under which records of the event topic arrive. */
export const RESOURCE_EVENTS = 'resource-events';

/** Where events enter the delivery app. */
@Controller()
export class EventController {
  private readonly receiver: EventReceiver;

  constructor(@Inject(EventReceiver) receiver: EventReceiver) {
    this.receiver = receiver;
  }

  @EventPattern<string>(RESOURCE_EVENTS)
  receive(@Payload() records: readonly KafkaRecord[], @Ctx() context: RecordContext): RecordOutcomes {
    return records.map((record) => this.receiveOne(record, context));
  }

  /** What is thrown for one record concerns no other. */
  private receiveOne(record: KafkaRecord, context: RecordContext): RecordOutcomes[number] {
    try {
      return this.receiver.receive(record, context);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
