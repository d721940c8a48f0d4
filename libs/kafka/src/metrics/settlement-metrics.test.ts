import { expect, it } from '@jest/globals';
import { type AttemptRecord, DEAD_LETTER_REASONS, REJECTION_REASONS, RetrySchedule } from '#libs/domain';
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

const held: AttemptRecord = {
  id: '',
  webhookId: '',
  customerId: '',
  eventId: '',
  eventType: '',
  resourceType: '',
  originPartition: 0,
  originOffset: 0,
  attempt: 0,
  outcome: 'held',
  reason: 'breaker_open',
  message: undefined,
  at: 0,
  timing: { totalMs: 0 },
  status: undefined,
  excerpt: undefined,
  next: 'retry',
  nextTier: '30s',
  nextAt: 30_000,
  nextReason: undefined,
  replayId: undefined,
};

it('counts what is held by its reason and its tier', async () => {
  const metrics = createMetrics('delivery');
  const settlements = new SettlementMetrics(metrics, plan);
  for (const reason of ['breaker_open', 'stuck', 'breaker_open'] as const) settlements.delivery({ ...held, reason });
  const text = await metrics.metrics();
  const lines = text.split('\n').filter((line) => /^webhook_(deliveries|retries)_total/.test(line));
  expect(lines.map((line) => line.replace(/,?app="[^"]*"/, ''))).toEqual([
    'webhook_deliveries_total{outcome="delivered",reason=""} 0',
    'webhook_deliveries_total{outcome="held",reason="breaker_open"} 2',
    'webhook_deliveries_total{outcome="held",reason="stuck"} 1',
    'webhook_retries_total{tier="5s"} 0',
    'webhook_retries_total{tier="30s"} 3',
  ]);
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
