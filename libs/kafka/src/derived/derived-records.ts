import {
  DEAD_LETTER_REASONS,
  type DeadLetterReason,
  type LogPosition,
  REJECTION_REASONS,
  type RejectionReason,
  type Tier,
} from '#libs/domain';

import type { IHeaders } from 'kafkajs';

import { headerText, type KafkaRecord, type OutgoingRecord } from '../record.ts';
import type { TopicPlan } from '../topics/topic-plan.ts';
import { type DeliveryHistory, freshHistory, historyOf, withHistory, withoutHistory } from './derived-headers.ts';

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

  /** An event that is to be delivered once more, on behalf of a replay: its attempts count from 1 again. */
  replay(source: Source, webhookId: string, origin: LogPosition, replayId: string): OutgoingRecord {
    return {
      topic: this.plan.replays.name,
      key: webhookId,
      value: source.value,
      headers: withHistory(source.headers, { ...freshHistory('send', origin), replayId }),
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

/**
 * A kept record's own headers, without what was said of its delivery.
 *
 * @param headers one entry each; a name may come several times
 */
export function originalHeaders(headers: ReadonlyArray<{ readonly name: string; readonly value: Buffer }>): IHeaders {
  const reasons = new Set([REJECTION_REASON, REJECTION_MESSAGE, DEAD_LETTER_REASON]);
  const named = Map.groupBy(
    headers.filter(({ name }) => !reasons.has(name)),
    ({ name }) => name,
  );
  return withoutHistory(
    Object.fromEntries([...named].map(([name, all]) => [name, all.map(({ value }) => value)] as const)),
  );
}

/** What a dead letter says of its delivery. A reason that is unknown here is undefined. */
export interface GivenUp {
  readonly webhookId: string;
  readonly reason: DeadLetterReason | undefined;
  readonly history: DeliveryHistory;
}

/** Reads a dead letter; undefined when the record is none of ours. */
export function givenUpOf(record: KafkaRecord): GivenUp | undefined {
  const history = historyOf(record);
  if (!history || record.key === null) return undefined;
  const text = headerText(record.headers, DEAD_LETTER_REASON);
  return { webhookId: record.key.toString(), reason: DEAD_LETTER_REASONS.find((known) => known === text), history };
}

/** Why a record was rejected. A reason that is unknown here is undefined, as is an origin that the headers do not tell. */
export interface Rejection {
  readonly reason: RejectionReason | undefined;
  readonly message: string;
  readonly origin: LogPosition | undefined;
}

/** Reads what a rejected record says besides its bytes. */
export function rejectionOf(record: KafkaRecord): Rejection {
  const text = headerText(record.headers, REJECTION_REASON);
  return {
    reason: REJECTION_REASONS.find((known) => known === text),
    message: headerText(record.headers, REJECTION_MESSAGE) ?? '',
    origin: historyOf(record)?.origin,
  };
}
