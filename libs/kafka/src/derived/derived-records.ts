import type { DeadLetterReason, LogPosition, RejectionReason, Tier } from '#libs/domain';

import type { KafkaRecord, OutgoingRecord } from '../record.ts';
import type { TopicPlan } from '../topics/topic-plan.ts';
import { type DeliveryHistory, freshHistory, withHistory } from './derived-headers.ts';

const REJECTION_REASON = 'rejection-reason';
const REJECTION_MESSAGE = 'rejection-message';
const DEAD_LETTER_REASON = 'dead-letter-reason';
const MAX_MESSAGE_LENGTH = 1_024;

type Source = Pick<KafkaRecord, 'key' | 'value' | 'headers'>;

/** Makes the records that an undelivered event turns into. The original bytes travel unchanged. */
export class DerivedRecords {
  private readonly plan: TopicPlan;

  constructor(plan: TopicPlan) {
    this.plan = plan;
  }

  /** A delivery that waits in a tier for its next attempt. */
  retry(source: Source, webhookId: string, tier: Tier, history: DeliveryHistory): OutgoingRecord {
    return {
      topic: this.plan.retryTopic(tier).name,
      key: webhookId,
      value: source.value,
      headers: withHistory(source.headers, history),
    };
  }

  /** A record about which nothing could be decided, waiting in the shortest tier. The key stays. */
  parked(source: Source, tier: Tier, history: DeliveryHistory): OutgoingRecord {
    return {
      topic: this.plan.retryTopic(tier).name,
      key: source.key,
      value: source.value,
      headers: withHistory(source.headers, history),
    };
  }

  /** A delivery that is given up. */
  deadLetter(source: Source, webhookId: string, reason: DeadLetterReason, history: DeliveryHistory): OutgoingRecord {
    return {
      topic: this.plan.deadLetters.name,
      key: webhookId,
      value: source.value,
      headers: { ...withHistory(source.headers, history), [DEAD_LETTER_REASON]: reason },
    };
  }

  /** A record that can never be delivered. */
  rejected(source: Source, reason: RejectionReason, message: string, origin: LogPosition): OutgoingRecord {
    const history = freshHistory('decode', origin);
    return {
      topic: this.plan.rejected.name,
      key: source.key,
      value: source.value,
      headers: {
        ...withHistory(source.headers, history),
        [REJECTION_REASON]: reason,
        [REJECTION_MESSAGE]: message.slice(0, MAX_MESSAGE_LENGTH),
      },
    };
  }
}
