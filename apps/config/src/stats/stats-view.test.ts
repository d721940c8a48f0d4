import { describe, expect, it } from '@jest/globals';
import { latencyBucket, type WebhookHour } from '#libs/domain';

import { hourView, totalsView } from './stats-view.ts';

const hour = (given: Partial<WebhookHour>): WebhookHour => ({
  webhookId: 'webhook',
  hour: Date.UTC(2026, 0, 1, 7),
  delivered: 0,
  failed: 0,
  held: 0,
  skipped: 0,
  latency: new Map(),
  ...given,
});

describe('statistics', () => {
  it('count as attempts what was sent, and show percentiles of an hour', () => {
    const latency = new Map([
      [latencyBucket(10), 98],
      [latencyBucket(1_000), 2],
    ]);
    const shown = hourView(hour({ delivered: 98, failed: 2, held: 5, skipped: 1, latency }));
    expect(shown).toMatchObject({
      hour: '2026-01-01T07:00:00.000Z',
      attempts: 100,
      delivered: 98,
      failed: 2,
      held: 5,
      skipped: 1,
    });
    const { p50, p95, p99 } = Object(shown['total_ms']);
    for (const ten of [p50, p95]) expect(Math.abs(ten - 10)).toBeLessThan(0.2);
    expect(Math.abs(p99 - 1_000)).toBeLessThan(20);
  });

  it('add hours up, and take percentiles of all latencies together', () => {
    const quick = hour({ delivered: 99, latency: new Map([[latencyBucket(10), 99]]) });
    const slow = hour({ failed: 1, held: 2, latency: new Map([[latencyBucket(5_000), 1]]) });
    const totals = totalsView([quick, slow]);
    expect(totals).toMatchObject({ attempts: 100, delivered: 99, failed: 1, held: 2, skipped: 0 });
    expect(Math.abs(Object(totals['total_ms']).p99 - 10)).toBeLessThan(0.2);
  });

  it('have no percentiles without attempts', () => {
    expect(totalsView([])).toMatchObject({ attempts: 0, total_ms: { p50: null, p95: null, p99: null } });
  });
});
