import type { WebhookEvent } from '#libs/domain';
import type { GivenUp, KafkaRecord } from '#libs/kafka';
import type { DeadLetter } from '#libs/store';

import { keptRecord } from './kept-record.ts';

/** @param event what the record holds; undefined when it cannot be read as an event. */
export function toDeadLetter(record: KafkaRecord, givenUp: GivenUp, event: WebhookEvent | undefined): DeadLetter {
  const { history, webhookId, reason } = givenUp;
  return {
    webhookId,
    event: event && {
      id: event.id,
      type: event.type,
      resourceType: event.resourceType,
      customerId: event.customerId,
    },
    reason,
    attempts: history.attempts,
    firstFailureAt: history.firstFailureAt,
    lastStatus: history.lastStatus,
    lastError: history.lastError,
    at: record.timestamp,
    origin: history.origin,
    kept: keptRecord(record),
  };
}
