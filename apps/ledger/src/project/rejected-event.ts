import { type KafkaRecord, rejectionOf } from '#libs/kafka';
import type { RejectedEvent } from '#libs/store';

import { keptRecord } from './kept-record.ts';

/** What a record of the topic of rejected events tells. */
export function toRejectedEvent(record: KafkaRecord): RejectedEvent {
  return { ...rejectionOf(record), at: record.timestamp, kept: keptRecord(record) };
}
