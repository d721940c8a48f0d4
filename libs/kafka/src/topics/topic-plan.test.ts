import { describe, expect, it } from '@jest/globals';
import { RetrySchedule } from '#libs/domain';

import { plannedTopics, topicPlan } from './topic-plan.ts';

const settings = {
  TOPIC_PREFIX: 'blue-',
  TOPIC_PARTITIONS: 24,
  TOPIC_REPLICATION: 3,
  TOPIC_MIN_INSYNC_REPLICAS: 2,
  EVENT_RETENTION: 604_800_000,
  EVENT_MAX_BYTES: 1_048_576,
  ATTEMPT_RETENTION: 604_800_000,
  RETRY_SCHEDULE: RetrySchedule.parse('5s,30s'),
};
const plan = topicPlan(settings);

describe('topicPlan', () => {
  it('names every topic after the prefix', () => {
    expect(plannedTopics(plan).map(({ name }) => name)).toEqual([
      'blue-resource-events',
      'blue-rejected-events',
      'blue-webhook-dead-letters',
      'blue-webhook-attempts',
      'blue-webhook-replays',
      'blue-webhook-retry-5s',
      'blue-webhook-retry-30s',
    ]);
  });

  it('lets derived topics take 64 KiB more than the events', () => {
    expect(plan.events.config['max.message.bytes']).toBe('1048576');
    for (const topic of [plan.rejected, plan.deadLetters, plan.attempts, plan.replays, ...plan.retries]) {
      expect(topic.config['max.message.bytes']).toBe('1114112');
    }
  });

  it('lets attempt records come in large batches where events are small', () => {
    const small = topicPlan({ ...settings, EVENT_MAX_BYTES: 1_024 });
    expect(small.attempts.config['max.message.bytes']).toBe('1048576');
  });

  it('limits no topic by its size, whatever the brokers do where nothing is said', () => {
    for (const topic of [plan.events, plan.rejected, plan.deadLetters, plan.attempts, plan.replays, ...plan.retries]) {
      expect(topic.config['retention.bytes']).toBe('-1');
    }
  });

  it('keeps retries without a time limit, with the time of the broker', () => {
    expect(plan.retries[0]?.config).toMatchObject({ 'retention.ms': '-1', 'message.timestamp.type': 'LogAppendTime' });
    expect(plan.replays.config).toMatchObject({ 'retention.ms': '-1', 'message.timestamp.type': 'LogAppendTime' });
    expect(plan.events.config).toMatchObject({ 'retention.ms': '604800000', 'message.timestamp.type': 'CreateTime' });
  });

  it('knows the tier of a retry topic, also of one that left the schedule', () => {
    expect(plan.tierOf('blue-webhook-retry-7m')).toEqual({ name: '7m', delayMs: 420_000 });
    expect(plan.tierOf('webhook-retry-7m')).toBeUndefined();
    expect(plan.tierOf('blue-webhook-retry-soon')).toBeUndefined();
  });
});
