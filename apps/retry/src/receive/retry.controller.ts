import type { KafkaRecord, RecordContext, RecordOutcomes } from '#libs/kafka';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';

import { RetryReceiver } from './retry-receiver.ts';

/** The pattern under which records of every retry topic arrive. */
export const WEBHOOK_RETRY = 'webhook-retry';

/** Where deliveries that are due again enter the retry app. */
@Controller()
export class RetryController {
  private readonly receiver: RetryReceiver;

  constructor(@Inject(RetryReceiver) receiver: RetryReceiver) {
    this.receiver = receiver;
  }

  @EventPattern<string>(WEBHOOK_RETRY)
  receive(@Payload() records: readonly KafkaRecord[], @Ctx() context: RecordContext): RecordOutcomes {
    return records.map((record) => this.receiver.receive(record, context));
  }
}
