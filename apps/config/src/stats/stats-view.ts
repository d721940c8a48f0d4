import { mergeLatencies, percentile, type LatencyHistogram, type WebhookHealth, type WebhookHour } from '#libs/domain';

import { showMs } from '../attempts/attempt-view.ts';
import { showTime } from '../http/time-span.ts';

type Counts = Omit<WebhookHour, 'webhookId' | 'hour'>;

/** How a webhook has been doing. */
export function healthView(health: WebhookHealth): Readonly<Record<string, unknown>> {
  return {
    last_success_at: showTime(health.lastSuccessAt),
    last_failure_at: showTime(health.lastFailureAt),
    failing_since: showTime(health.failingSince),
  };
}

/** What the attempts of an hour came to. */
export function hourView(hour: WebhookHour): Readonly<Record<string, unknown>> {
  return { hour: showTime(hour.hour), ...countsView(hour) };
}

/** What the attempts of several hours came to. Percentiles are read from all latencies, not averaged. */
export function totalsView(hours: readonly WebhookHour[]): Readonly<Record<string, unknown>> {
  const total = (count: (hour: WebhookHour) => number): number => hours.reduce((sum, hour) => sum + count(hour), 0);
  return countsView({
    delivered: total(({ delivered }) => delivered),
    failed: total(({ failed }) => failed),
    held: total(({ held }) => held),
    skipped: total(({ skipped }) => skipped),
    latency: mergeLatencies(hours.map(({ latency }) => latency)),
  });
}

function countsView({ delivered, failed, held, skipped, latency }: Counts): Readonly<Record<string, unknown>> {
  return { attempts: delivered + failed, delivered, failed, held, skipped, total_ms: latencyView(latency) };
}

function latencyView(latency: LatencyHistogram): Readonly<Record<string, unknown>> {
  return {
    p50: showMs(percentile(latency, 0.5)),
    p95: showMs(percentile(latency, 0.95)),
    p99: showMs(percentile(latency, 0.99)),
  };
}
