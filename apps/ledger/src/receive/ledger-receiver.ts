import { type AttemptRecord, CodedError } from '#libs/domain';
import type { AttemptRecordCodec, EventCodec } from '#libs/event-schemas';
import { givenUpOf, type KafkaRecord, type RecordContext, type RecordOutcome, type TopicPlan } from '#libs/kafka';
import type { Logger } from '#libs/runtime';
import type { DeadLetter, RejectedEvent } from '#libs/store';

import type { Bulk } from '../project/bulk.ts';
import { toDeadLetter } from '../project/dead-letter.ts';
import { toRejectedEvent } from '../project/rejected-event.ts';
import { untilReadable } from './until-readable.ts';

const SETTLED: RecordOutcome = { kind: 'settled' };
const ABANDONED: RecordOutcome = { kind: 'abandoned' };

/** Reads a record and hands what it tells to the bulk it belongs to. It is settled when that bulk is acknowledged. */
export class LedgerReceiver {
  private readonly plan: TopicPlan;
  private readonly attemptCodec: AttemptRecordCodec;
  private readonly eventCodec: EventCodec;
  private readonly attempts: Bulk<AttemptRecord>;
  private readonly deadLetters: Bulk<DeadLetter>;
  private readonly rejectedEvents: Bulk<RejectedEvent>;
  private readonly logger: Logger;

  constructor(given: {
    plan: TopicPlan;
    attemptCodec: AttemptRecordCodec;
    eventCodec: EventCodec;
    attempts: Bulk<AttemptRecord>;
    deadLetters: Bulk<DeadLetter>;
    rejectedEvents: Bulk<RejectedEvent>;
    logger: Logger;
  }) {
    this.plan = given.plan;
    this.attemptCodec = given.attemptCodec;
    this.eventCodec = given.eventCodec;
    this.attempts = given.attempts;
    this.deadLetters = given.deadLetters;
    this.rejectedEvents = given.rejectedEvents;
    this.logger = given.logger;
  }

  /** Resolves when the record is settled, or was abandoned because the partition was given up. */
  async receive(record: KafkaRecord, { isCurrent: wanted }: RecordContext): Promise<RecordOutcome> {
    switch (record.topic) {
      case this.plan.attempts.name:
        return this.attempt(record, wanted);
      case this.plan.deadLetters.name:
        return this.deadLetter(record, wanted);
      case this.plan.rejected.name:
        return this.written(this.rejectedEvents.add(toRejectedEvent(record), wanted));
      default:
        throw new CodedError('UNEXPECTED_TOPIC', `the ledger got a record of ${record.topic}`);
    }
  }

  private async attempt(record: KafkaRecord, wanted: () => boolean): Promise<RecordOutcome> {
    const { value } = record;
    if (value === null) return this.unreadable(record, 'it has no value');
    const decoded = await untilReadable(() => this.attemptCodec.decode(value), wanted, this.logger);
    if (!decoded) return ABANDONED;
    if (decoded.kind === 'rejected') return this.unreadable(record, decoded.message);
    return this.written(this.attempts.add(decoded.record, wanted));
  }

  private async deadLetter(record: KafkaRecord, wanted: () => boolean): Promise<RecordOutcome> {
    const { value } = record;
    const givenUp = givenUpOf(record);
    if (value === null || !givenUp) return this.unreadable(record, 'it lacks what a dead letter has');
    const decoded = await untilReadable(() => this.eventCodec.decode(value), wanted, this.logger);
    if (!decoded) return ABANDONED;
    const event = decoded.kind === 'event' ? decoded.event : undefined;
    return this.written(this.deadLetters.add(toDeadLetter(record, givenUp, event), wanted));
  }

  /** It is no event, and nobody waits for it: it stays on its topic, and the ones behind it go on. */
  private unreadable({ topic, partition, offset }: KafkaRecord, why: string): RecordOutcome {
    this.logger.error({ topic, partition, offset }, `a record of the trail cannot be read: ${why}`);
    return SETTLED;
  }

  private async written(write: Promise<boolean>): Promise<RecordOutcome> {
    return (await write) ? SETTLED : ABANDONED;
  }
}
