import { expect, it } from '@jest/globals';
import { DEAD_LETTER_REASONS, REJECTION_REASONS, RetrySchedule } from '#libs/domain';
import { createMetrics } from '#libs/runtime';

import { topicPlan } from '../topics/topic-plan.ts';
import { SettlementMetrics } from './settlement-metrics.ts';

const plan = topicPlan({
  TOPIC_PREFIX: '',
  TOPIC_PARTITIONS: 24,
  TOPIC_REPLICATION: 3,
  TOPIC_MIN_INSYNC_REPLICAS: 2,
  EVENT_RETENTION: 604_800_000,
  EVENT_MAX_BYTES: 1_048_576,
  ATTEMPT_RETENTION: 604_800_000,
  RETRY_SCHEDULE: RetrySchedule.parse('5s,30s'),
});

it('shows what is rare as 0 before it happens, so that the first time is seen to be more', async () => {
  const metrics = createMetrics('delivery');
  void new SettlementMetrics(metrics, plan);
  const shown = async (name: string): Promise<Array<[unknown, number]>> => {
    const { values } = (await metrics.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.map(({ labels, value }) => [Object.values(labels)[0], value]);
  };
  expect(await shown('webhook_dead_letters_total')).toEqual(DEAD_LETTER_REASONS.map((reason) => [reason, 0]));
  expect(await shown('webhook_rejected_records_total')).toEqual(REJECTION_REASONS.map((reason) => [reason, 0]));
  expect(await shown('webhook_retries_total')).toEqual([
    ['5s', 0],
    ['30s', 0],
  ]);
  expect(await shown('webhook_write_failures_total')).toEqual([
    ['rejected-events', 0],
    ['webhook-dead-letters', 0],
    ['webhook-attempts', 0],
    ['webhook-replays', 0],
    ['webhook-retry-5s', 0],
    ['webhook-retry-30s', 0],
  ]);
});
