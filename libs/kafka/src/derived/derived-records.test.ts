import { describe, expect, it } from '@jest/globals';
import { RetrySchedule } from '#libs/domain';

import { headerEntries, type KafkaRecord, type OutgoingRecord } from '../record.ts';
import { topicPlan } from '../topics/topic-plan.ts';
import { type DeliveryHistory, historyOf } from './derived-headers.ts';
import { DerivedRecords, givenUpOf, originalHeaders, rejectionOf } from './derived-records.ts';

const plan = topicPlan({
  TOPIC_PREFIX: '',
  TOPIC_PARTITIONS: 24,
  TOPIC_REPLICATION: 3,
  TOPIC_MIN_INSYNC_REPLICAS: 2,
  EVENT_RETENTION: 604_800_000,
  EVENT_MAX_BYTES: 1_048_576,
  ATTEMPT_RETENTION: 604_800_000,
  RETRY_SCHEDULE: RetrySchedule.parse('5s'),
});
const records = new DerivedRecords(plan);
const origin = { topic: 'resource-events', partition: 7, offset: 12 };
const source = { key: Buffer.from('customer'), value: Buffer.from([0, 1]), headers: { trace: Buffer.from('t') } };
const history: DeliveryHistory = {
  resume: 'send',
  attempts: 8,
  holds: 1,
  firstFailureAt: 1_767_225_600_000,
  lastStatus: 503,
  lastError: 'http_status',
  origin,
};

/** A record as it is read back: keys and headers are bytes then. */
function asRead({ topic, key, value, headers }: OutgoingRecord): KafkaRecord {
  const bytes = Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(String(text))]);
  const readKey = key === null ? null : Buffer.from(key);
  return { topic, partition: 0, offset: 5, key: readKey, value, headers: Object.fromEntries(bytes), timestamp: 0 };
}

describe('a dead letter', () => {
  it('tells its webhook, the reason and the history', () => {
    const letter = asRead(records.deadLetter(source, 'webhook', 'too_old', history));
    expect(givenUpOf(letter)).toEqual({ webhookId: 'webhook', reason: 'too_old', history });
  });

  it('with a reason of a newer writer is read without one, and a record of somebody else not at all', () => {
    const letter = asRead(records.deadLetter(source, 'webhook', 'too_old', history));
    const newer = { ...letter, headers: { ...letter.headers, 'dead-letter-reason': Buffer.from('bored') } };
    expect(givenUpOf(newer)).toEqual({ webhookId: 'webhook', reason: undefined, history });
    expect(givenUpOf({ ...letter, headers: {} })).toBeUndefined();
    expect(givenUpOf({ ...letter, key: null })).toBeUndefined();
  });
});

describe('a record that a replay delivers once more', () => {
  it('counts its attempts from the beginning, and keeps the name of the replay on its way through the retry topics', () => {
    const replayed = asRead(records.replay(source, 'webhook', origin, 'replay-1'));
    expect([replayed.topic, replayed.key?.toString(), replayed.value]).toEqual([
      'webhook-replays',
      'webhook',
      source.value,
    ]);
    const read = historyOf(replayed)!;
    expect(read).toMatchObject({ resume: 'send', attempts: 0, holds: 0, origin, replayId: 'replay-1' });
    expect(historyOf(asRead(records.retry(replayed, 'webhook', plan.retries[0]!.tier, read)))?.replayId).toBe(
      'replay-1',
    );
    expect(historyOf(asRead(records.deadLetter(replayed, 'webhook', 'too_old', read)))?.replayId).toBe('replay-1');
  });

  it('takes no name over that a header of HTTP could not hold, nor one that a producer wrote', () => {
    const replayed = asRead(records.replay(source, 'webhook', origin, 'a\r\nx-evil: 1'));
    expect(historyOf(replayed)?.replayId).toBeUndefined();
    const forged = { ...source, headers: { 'delivery-replay': Buffer.from('forged') } };
    expect(
      historyOf(asRead(records.retry(forged, 'webhook', plan.retries[0]!.tier, history)))?.replayId,
    ).toBeUndefined();
  });

  it('has the headers that it came with, and none that were added on the way', () => {
    for (const derived of [
      records.deadLetter(source, 'webhook', 'too_old', { ...history, replayId: 'replay-1' }),
      records.rejected(source, 'undecodable', 'too short', origin),
    ]) {
      const kept = headerEntries({ ...asRead(derived).headers, many: ['a', 'b'] });
      expect(originalHeaders(kept)).toEqual({ trace: [Buffer.from('t')], many: [Buffer.from('a'), Buffer.from('b')] });
    }
  });
});

describe('a rejected record', () => {
  it('tells the reason, the message and where it lay', () => {
    const rejected = asRead(records.rejected(source, 'undecodable', 'too short', origin));
    expect(rejectionOf(rejected)).toEqual({ reason: 'undecodable', message: 'too short', origin });
  });

  it('of somebody else tells what it has', () => {
    const foreign = { ...asRead(records.rejected(source, 'undecodable', 'too short', origin)), headers: {} };
    expect(rejectionOf(foreign)).toEqual({ reason: undefined, message: '', origin: undefined });
  });
});

describe('the headers of a record', () => {
  it('are listed with their bytes, as often as they were given', () => {
    const bytes = Buffer.from([0xff]);
    expect(headerEntries({ a: bytes, b: ['x', Buffer.from('y')], c: undefined })).toEqual([
      { name: 'a', value: bytes },
      { name: 'b', value: Buffer.from('x') },
      { name: 'b', value: Buffer.from('y') },
    ]);
  });
});
