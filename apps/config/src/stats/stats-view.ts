import { mergeLatencies, percentile, type LatencyHistogram, type WebhookHealth, type WebhookHour } from '#libs/domain';

import { z } from 'zod';

import { EXAMPLE_WEBHOOK } from '../openapi/example-ids.ts';
import { showMs } from '../attempts/attempt-view.ts';
import { type Shown, shownCount, shownId, shownMsOrNull, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';

const shownLatency = z
  .object({
    p50: shownMsOrNull('Half took no longer.', 42.1),
    p95: shownMsOrNull('95 of 100 took no longer.', 180.5),
    p99: shownMsOrNull('99 of 100 took no longer.', 611),
  })
  .meta({ description: 'How long attempts took, in milliseconds; null where there was none.' });
const shownCounts = z
  .object({
    attempts: shownCount('Requests made.', 1021),
    delivered: shownCount('Of those: taken over.', 1019),
    failed: shownCount('Of those: not taken over.', 2),
    held: shownCount('Not tried: waited in a retry topic.', 0),
    skipped: shownCount('Not tried: the webhook did not want it.', 0),
    total_ms: shownLatency,
  })
  .meta({ id: 'Counts' });
const shownHealth = z.object({
  last_success_at: shownTimeOrNull('When an attempt last succeeded.'),
  last_failure_at: shownTimeOrNull('When one last failed.', null),
  failing_since: shownTimeOrNull('Since when nothing but failures came; null while all is well.', null),
});
const shownHour = shownCounts.extend({ hour: shownTime('When the hour began.') }).meta({ id: 'Hour' });

/** How a webhook has been doing. */
export const shownStats = z
  .object({
    webhook_id: shownId('The webhook.', EXAMPLE_WEBHOOK),
    since: shownTime('The hour with which it begins.'),
    until: shownTime('Before this time.'),
    health: shownHealth,
    totals: shownCounts,
    hours: z.array(shownHour).meta({ description: 'Hours without attempts are left out.' }),
  })
  .meta({ id: 'Stats' });

type Counts = Omit<WebhookHour, 'webhookId' | 'hour'>;

/** How a webhook has been doing. */
export function healthView(health: WebhookHealth): Shown<typeof shownHealth> {
  return {
    last_success_at: showTime(health.lastSuccessAt),
    last_failure_at: showTime(health.lastFailureAt),
    failing_since: showTime(health.failingSince),
  };
}

/** What the attempts of an hour came to. */
export function hourView(hour: WebhookHour): Shown<typeof shownHour> {
  return { hour: showTime(hour.hour), ...countsView(hour) };
}

/** What the attempts of several hours came to. Percentiles are read from all latencies, not averaged. */
export function totalsView(hours: readonly WebhookHour[]): Shown<typeof shownCounts> {
  const total = (count: (hour: WebhookHour) => number): number => hours.reduce((sum, hour) => sum + count(hour), 0);
  return countsView({
    delivered: total(({ delivered }) => delivered),
    failed: total(({ failed }) => failed),
    held: total(({ held }) => held),
    skipped: total(({ skipped }) => skipped),
    latency: mergeLatencies(hours.map(({ latency }) => latency)),
  });
}

function countsView({ delivered, failed, held, skipped, latency }: Counts): Shown<typeof shownCounts> {
  return { attempts: delivered + failed, delivered, failed, held, skipped, total_ms: latencyView(latency) };
}

function latencyView(latency: LatencyHistogram): Shown<typeof shownLatency> {
  return {
    p50: showMs(percentile(latency, 0.5)),
    p95: showMs(percentile(latency, 0.95)),
    p99: showMs(percentile(latency, 0.99)),
  };
}
