import type { KafkaRecord, RecordContext, RecordOutcomes } from '#libs/kafka';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';

import { LedgerReceiver } from './ledger-receiver.ts';

/** The pattern under which records of the ledger's topics arrive. */
export const LEDGER = 'ledger';

/** Where attempts, dead letters and rejected events enter the ledger app. */
@Controller()
export class LedgerController {
  private readonly receiver: LedgerReceiver;

  constructor(@Inject(LedgerReceiver) receiver: LedgerReceiver) {
    this.receiver = receiver;
  }

  @EventPattern<string>(LEDGER)
  receive(@Payload() records: readonly KafkaRecord[], @Ctx() context: RecordContext): RecordOutcomes {
    return records.map((record) => this.receiver.receive(record, context));
  }
}
