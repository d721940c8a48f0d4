import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { type Webhook, WebhookIndex } from '#libs/domain';
import { loadCatalogue } from '#libs/event-schemas';

import { EVENT_ID_LENGTH, eventId, numberIn, seriesIn } from './event-id.ts';
import { answers, expectedDeliveries, type PlannedWebhook, type Workload } from './workload.ts';
import { fanOut, manyWebhooks, slowCustomers, slowEndpoints, someHang } from './workloads.ts';

const catalogue = loadCatalogue(join(import.meta.dirname, '../../schemas'));
const eventTypes = [...catalogue.eventTypes.keys()];
const [eventType = ''] = eventTypes;

const asWebhook = ({ customerId, target, eventTypes: types }: PlannedWebhook): Webhook => ({
  id: String(target.endpoint),
  customerId,
  url: '',
  eventTypes: types,
  status: 'active',
  success: '200',
  signatures: ['standard'],
  secrets: [],
});

/** For each route, the endpoints that the product's matching finds for its events. */
function matched({ webhooks, routes }: Workload): string[][] {
  const byCustomer = Map.groupBy(webhooks, ({ customerId }) => customerId);
  return routes.map(({ customerId, eventType: type }) => {
    const index = new WebhookIndex((byCustomer.get(customerId) ?? []).map(asWebhook), catalogue.groupOf);
    return index.match({ type, resourceType: catalogue.eventType(type)?.resourceType ?? '' }).map(({ id }) => id);
  });
}

describe('every workload', () => {
  it.each<[string, Workload, webhooks: number, routes: number, receivers: number]>([
    ['many webhooks', manyWebhooks(eventTypes), 10_000, 1_000, 1],
    ['fan-out', fanOut(eventType), 1_000, 1_000, 10],
    ['slow endpoints', slowEndpoints(eventTypes, 20), 1_000, 1_000, 1],
    ['slow customers', slowCustomers(eventType, { customers: 50, resources: 2, ms: 5 }), 50, 100, 1],
    ['some that hang', someHang(eventType, { healthy: 100, hanging: 10, hangingOrigin: 'other' }), 110, 1_100, 1],
  ])('expects what matching finds: %s', (_, workload, webhooks, routes, receivers) => {
    expect([workload.webhooks.length, workload.routes.length]).toEqual([webhooks, routes]);
    const planned = workload.routes.map(({ targets }) => targets.map(({ endpoint }) => String(endpoint)));
    expect(planned.every(({ length }) => length === receivers)).toBe(true);
    expect(matched(workload)).toEqual(planned);
    expect(new Set(workload.routes.map(({ resourceId }) => resourceId)).size).toBe(routes);
  });

  it('has endpoints of its own', () => {
    const workloads = [
      manyWebhooks(eventTypes),
      fanOut(eventType),
      slowEndpoints(eventTypes, 20),
      slowCustomers(eventType, { customers: 1_000, resources: 2, ms: 500 }),
      someHang(eventType, { healthy: 100, hanging: 50, hangingOrigin: 'other' }),
    ];
    const endpoints = workloads.flatMap(({ webhooks }) => webhooks.map(({ target }) => target.endpoint));
    expect(new Set(endpoints).size).toBe(endpoints.length);
  });
});

describe('a workload with endpoints that hang', () => {
  const workload = someHang(eventType, { healthy: 100, hanging: 10, hangingOrigin: 'first' });

  it('gives each endpoint as many events as any other', () => {
    const perEndpoint = Map.groupBy(workload.routes, ({ targets }) => targets[0]?.endpoint);
    expect(new Set([...perEndpoint.values()].map(({ length }) => length))).toEqual(new Set([10]));
  });

  it('mixes both kinds evenly', () => {
    const hanging = workload.routes.flatMap(({ targets: [target] }, at) => (target && answers(target) ? [] : [at]));
    const distances = hanging.slice(1).map((at, before) => at - (hanging[before] ?? 0));
    expect(new Set(distances)).toEqual(new Set([11]));
  });

  it('expects deliveries of the healthy only', () => {
    expect(expectedDeliveries(workload, 1_100)).toBe(1_000);
    expect(expectedDeliveries(workload, 110)).toBe(100);
    expect(expectedDeliveries(workload, 11)).toBe(10);
  });

  it('keeps the healthy customers of a run alone', () => {
    const alone = someHang(eventType, { healthy: 100, hanging: 0, hangingOrigin: 'first' });
    const healthy = workload.webhooks.filter(({ target }) => answers(target));
    expect(healthy).toEqual(alone.webhooks);
  });
});

describe('an event id', () => {
  it('carries its number and series', () => {
    const id = eventId(0xbeef, 1_234_567);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).toHaveLength(EVENT_ID_LENGTH);
    expect([seriesIn(`>${id}`, 1), numberIn(`>${id}<`, 1)]).toEqual([0xbeef, 1_234_567]);
  });

  it('is not read from something else', () => {
    expect(numberIn('no id')).toBeNaN();
  });
});
