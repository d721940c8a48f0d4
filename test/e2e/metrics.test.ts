import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import got from 'got';

import { type AppName } from '../../deploy/local/apps.ts';
import { type DocumentedMetric, documentedMetrics } from '../support/metrics/documented.ts';
import { readMetrics, type ShownMetric, total } from '../support/metrics/exposition.ts';
import { eventually } from '../support/world/eventually.ts';
import { World } from '../support/world/world.ts';

type Shown = ReadonlyMap<string, ShownMetric>;

const APPS: readonly AppName[] = ['config', 'delivery', 'retry', 'ledger'];

let world: World;
let documented: readonly DocumentedMetric[];

beforeAll(async () => {
  documented = await documentedMetrics();
  world = await World.open({}, APPS);
});

afterAll(() => world.close());

async function shownBy(name: AppName): Promise<Shown> {
  return readMetrics(await got(`${world.app(name).address}/metrics`).text());
}

/** Waits until what an app shows fits. */
function showing(name: AppName, fits: (shown: Shown) => boolean): Promise<Shown> {
  return eventually(() => shownBy(name), fits);
}

describe('GET /metrics', () => {
  it('counts what became of events, and how long it took', async () => {
    const customer = await world.customer();
    world.receiver.on('/refuses', { kind: 'status', status: 500 });
    world.receiver.on('/recovers', { kind: 'fail_first', failures: 1, status: 503 });
    await customer.webhook('/takes', ['call_hangup']);
    await customer.webhook('/refuses', ['queue_created']);
    await customer.webhook('/recovers', ['message_created']);
    await world.produce(world.sample('call_hangup', customer.id));
    await world.produce(world.sample('queue_created', customer.id));
    await world.produce(world.sample('message_created', customer.id));
    await world.produce(world.sample('number_created', customer.id));
    await world.produceBytes(customer.id, Buffer.from('not Avro'));

    const delivery = await showing(
      'delivery',
      (shown) =>
        total(shown, 'webhook_rejected_records_total', { reason: 'not_avro' }) === 1 &&
        total(shown, 'webhook_deliveries_total') === 3 &&
        total(shown, 'webhook_consumer_records_in_flight') === 0,
    );
    expect(total(delivery, 'webhook_deliveries_total', { outcome: 'delivered', reason: '' })).toBe(1);
    expect(total(delivery, 'webhook_deliveries_total', { outcome: 'failed', reason: 'http_status' })).toBe(2);
    expect(total(delivery, 'webhook_retries_total', { tier: '1s' })).toBe(2);
    expect(total(delivery, 'webhook_unmatched_events_total')).toBe(1);
    expect(total(delivery, 'webhook_attempt_duration_seconds', { outcome: 'delivered' })).toBe(1);
    expect(total(delivery, 'webhook_attempt_duration_seconds', { outcome: 'failed' })).toBe(2);
    expect(total(delivery, 'webhook_delivery_latency_seconds', { attempts: 'first' })).toBe(1);
    expect(total(delivery, 'webhook_customer_lookups_total', { result: 'miss' })).toBeGreaterThan(0);
    expect(total(delivery, 'webhook_customer_lookups_total', { result: 'hit' })).toBeGreaterThan(0);
    expect(total(delivery, 'webhook_customers_cached')).toBe(1);
    expect(total(delivery, 'webhook_config_propagation_seconds')).toBeGreaterThan(0);
    expect(total(delivery, 'webhook_breakers', { state: 'closed' })).toBe(3);
    expect(total(delivery, 'webhook_consumer_joined')).toBe(1);
    expect(total(delivery, 'webhook_consumer_partitions', { topic: `${world.prefix}resource-events` })).toBe(6);

    const retry = await showing('retry', (shown) => total(shown, 'webhook_dead_letters_total') === 1);
    expect(total(retry, 'webhook_dead_letters_total', { reason: 'schedule_used_up' })).toBe(1);
    expect(total(retry, 'webhook_deliveries_total', { outcome: 'delivered' })).toBe(1);
    expect(total(retry, 'webhook_deliveries_total', { outcome: 'failed' })).toBe(2);
    expect(total(retry, 'webhook_retries_total', { tier: '2s' })).toBe(1);
    expect(total(retry, 'webhook_delivery_latency_seconds', { attempts: 'later' })).toBe(1);
    expect(total(retry, 'webhook_delivery_latency_seconds', { attempts: 'first' })).toBe(0);

    const ledger = await showing('ledger', (shown) => total(shown, 'webhook_ledger_records_total') === 8);
    expect(total(ledger, 'webhook_ledger_records_total', { kind: 'attempt' })).toBe(6);
    expect(total(ledger, 'webhook_ledger_records_total', { kind: 'dead_letter' })).toBe(1);
    expect(total(ledger, 'webhook_ledger_records_total', { kind: 'rejected_event' })).toBe(1);
  });

  it('tells how deep a retry topic is, and how old the oldest record in it', async () => {
    const topic = `${world.prefix}webhook-retry-1h`;
    await world.restart('retry', { RETRY_SCHEDULE: '1h,2h' });
    await world.restart('delivery', { RETRY_SCHEDULE: '1h,2h' });
    const customer = await world.customer();
    world.receiver.on('/down', { kind: 'status', status: 500 });
    await customer.webhook('/down', ['call_hangup']);
    for (let count = 0; count < 5; count += 1) await world.produce(world.sample('call_hangup', customer.id));
    const shown = await showing(
      'retry',
      (metrics) =>
        total(metrics, 'webhook_consumer_lag_records', { topic }) === 5 &&
        total(metrics, 'webhook_consumer_oldest_age_seconds', { topic }) > 1,
    );
    expect(total(shown, 'webhook_consumer_records_in_flight')).toBe(0);
  });

  it('measures requests to the admin REST by route, and gives strangers no series of their own', async () => {
    const customer = await world.customer();
    await customer.webhook('/one', ['call_hangup']);
    await customer.http.get('webhooks/00000000-0000-4000-8000-000000000000');
    await world.http(undefined).get('webhooks');
    for (const path of ['one', 'two/three', 'four%00']) {
      await got(`${world.app('config').address}/${path}`, { throwHttpErrors: false, retry: { limit: 0 } });
    }
    const shown = await shownBy('config');
    const requests = (labels: Record<string, string>): number =>
      total(shown, 'webhook_api_request_duration_seconds', labels);
    expect(requests({ method: 'POST', route: '/webhooks', status: '201' })).toBeGreaterThan(0);
    expect(requests({ method: 'GET', route: '/webhooks/:id', status: '404' })).toBe(1);
    expect(requests({ method: 'GET', route: '/webhooks', status: '401' })).toBe(1);
    expect(requests({ route: 'none' })).toBe(3);
    expect(total(shown, 'admin_failed_authentications_total', { reason: 'NO_KEY' })).toBe(1);
  });

  it.each(APPS)('of %s shows what the documentation says, with its labels, and nothing else of ours', async (name) => {
    const shown = await shownBy(name);
    const ours = [...shown].filter(([metric]) => /^(webhook|admin)_/.test(metric));
    const promised = documented.filter(({ apps }) => apps.includes(name));
    expect(ours.map(([metric]) => metric).toSorted()).toEqual(promised.map((metric) => metric.name).toSorted());
    for (const { name: metric, type, labels } of promised) {
      const { type: shownType, samples } = shown.get(metric)!;
      expect([metric, shownType]).toEqual([metric, type]);
      for (const sample of samples) {
        expect([metric, ...Object.keys(sample.labels).toSorted()]).toEqual([metric, ...['app', ...labels].toSorted()]);
        expect(sample.labels['app']).toBe(name);
      }
    }
  });
});
