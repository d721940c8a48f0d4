import { describe, expect, it } from '@jest/globals';

import { RetrySchedule } from '#libs/domain';
import { type KafkaRecord, topicPlan } from '#libs/kafka';

import { recordDueAt } from './due.ts';

const plan = topicPlan({
  TOPIC_PREFIX: 'p-',
  TOPIC_PARTITIONS: 24,
  TOPIC_REPLICATION: 3,
  TOPIC_MIN_INSYNC_REPLICAS: 2,
  EVENT_RETENTION: 604_800_000,
  EVENT_MAX_BYTES: 1_048_576,
  ATTEMPT_RETENTION: 604_800_000,
  RETRY_SCHEDULE: RetrySchedule.parse('5s,6h'),
});
const APPENDED_AT = 1_767_225_600_000;
const record = (topic: string, offset: number): KafkaRecord => ({
  topic,
  partition: 3,
  offset,
  key: null,
  value: null,
  headers: {},
  timestamp: APPENDED_AT,
});

describe('a record of a retry topic', () => {
  it.each([
    ['p-webhook-retry-5s', 5_000, 500],
    ['p-webhook-retry-6h', 21_600_000, 5_000],
    ['p-webhook-retry-40s', 40_000, 4_000],
  ])('of %s is due after its delay and a jitter that spreads over all it may be', (topic, delayMs, jitterMs) => {
    const jitters = Array.from({ length: 1_000 }, (_, offset) => {
      const dueAt = recordDueAt(plan, record(topic, 9_000_000_000 + offset));
      return dueAt - APPENDED_AT - delayMs;
    });
    expect(Math.min(...jitters)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...jitters)).toBeLessThan(jitterMs);
    const tenths = Map.groupBy(jitters, (jitter) => Math.floor((10 * jitter) / jitterMs));
    expect(tenths.size).toBe(10);
    for (const tenth of tenths.values()) expect(tenth.length).toBeGreaterThan(80);
  });

  it('is due at the same time whenever it is looked at', () => {
    const look = (): number => recordDueAt(plan, record('p-webhook-retry-6h', 17));
    expect(look()).toBe(look());
  });
});
