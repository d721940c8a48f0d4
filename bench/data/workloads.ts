import type { Behaviour } from '../receiver/target.ts';
import { type PlannedWebhook, type Route, uuidOf, type Workload } from './workload.ts';

const CUSTOMERS = 100;
const WEBHOOKS_PER_CUSTOMER = 100;
const RESOURCES_PER_CUSTOMER = 10;

/**
 * The store's 10,000 webhooks: 100 customers with 100 webhooks each, every one of another event type, so that an event matches
 * exactly one of them. Ten resources a customer have events, each of another type: 1,000 (webhook, resource) pairs.
 * @param eventTypes all of the catalogue, those of the events first.
 */
export function manyWebhooks(eventTypes: readonly string[], eventTypesSent: number, behaviour: Behaviour): Workload {
  const webhooks: PlannedWebhook[] = [];
  const routes: Route[] = [];
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    const customerId = uuidOf(`customer ${customer} ${behaviour.kind}`);
    for (let index = 0; index < WEBHOOKS_PER_CUSTOMER; index++) {
      const target = { endpoint: customer * WEBHOOKS_PER_CUSTOMER + index, behaviour };
      webhooks.push({ customerId, target, side: 'origin', eventTypes: [eventTypes[index] ?? ''] });
    }
  }
  for (let resource = 0; resource < RESOURCES_PER_CUSTOMER; resource++) {
    for (let customer = 0; customer < CUSTOMERS; customer++) {
      const webhook = webhooks[customer * WEBHOOKS_PER_CUSTOMER + (resource % eventTypesSent)];
      if (webhook === undefined) continue;
      routes.push({
        customerId: webhook.customerId,
        resourceId: uuidOf(`resource ${customer} ${resource} ${behaviour.kind}`),
        eventType: webhook.eventTypes[0] ?? '',
        targets: [webhook.target],
      });
    }
  }
  return { name: 'throughput', webhooks, routes };
}
