import type { Behaviour } from '../receiver/target.ts';
import { type Origin, type PlannedWebhook, type Route, uuidOf, type Workload } from './workload.ts';

const RESOURCES_PER_CUSTOMER = 10;
const MANY_CUSTOMERS = 100;
const MANY_WEBHOOKS_PER_CUSTOMER = 100;
const FAN_OUT = 10;
const SLOW_CUSTOMERS = 100;

/** Numbers of endpoints, so that no two workloads share one. */
const FIRST_ENDPOINT = {
  many: 0,
  fanout: 100_000,
  slow: 200_000,
  backlog: 300_000,
  healthy: 400_000,
  hanging: { first: 500_000, other: 600_000 },
};

/**
 * 10,000 webhooks: 100 customers with 100 webhooks each, every one for another event type, so that an event matches exactly one of
 * them. Ten resources a customer have events, each of another type: 1,000 pairs of webhook and resource.
 * @param eventTypes at least 100; the events are of the first ten.
 */
export function manyWebhooks(eventTypes: readonly string[]): Workload {
  const webhooks: PlannedWebhook[] = [];
  for (let customer = 0; customer < MANY_CUSTOMERS; customer++) {
    for (const [index, eventType] of eventTypes.slice(0, MANY_WEBHOOKS_PER_CUSTOMER).entries()) {
      const endpoint = FIRST_ENDPOINT.many + customer * MANY_WEBHOOKS_PER_CUSTOMER + index;
      webhooks.push(plan(`many ${customer}`, endpoint, { kind: 'answer' }, [eventType]));
    }
  }
  const routes = interleaved(MANY_CUSTOMERS, RESOURCES_PER_CUSTOMER, (customer, resource) =>
    routeTo(`many ${customer} ${resource}`, [webhooks[customer * MANY_WEBHOOKS_PER_CUSTOMER + resource]]),
  );
  return { webhooks, routes };
}

/** 100 customers with ten webhooks each, all for the same events: one event, ten deliveries. */
export function fanOut(eventType: string): Workload {
  const webhooks = listed(MANY_CUSTOMERS, FAN_OUT, (customer, index) =>
    plan(`fanout ${customer}`, FIRST_ENDPOINT.fanout + customer * FAN_OUT + index, { kind: 'answer' }, [eventType]),
  );
  const routes = interleaved(MANY_CUSTOMERS, RESOURCES_PER_CUSTOMER, (customer, resource) =>
    routeTo(`fanout ${customer} ${resource}`, webhooks.slice(customer * FAN_OUT, (customer + 1) * FAN_OUT)),
  );
  return { webhooks, routes };
}

/** 1,000 endpoints that take their time, ten a customer, each with one resource. @param eventTypes at least ten. */
export function slowEndpoints(eventTypes: readonly string[], ms: number): Workload {
  const webhooks = listed(SLOW_CUSTOMERS, RESOURCES_PER_CUSTOMER, (customer, index) => {
    const endpoint = FIRST_ENDPOINT.slow + customer * RESOURCES_PER_CUSTOMER + index;
    return plan(`slow ${customer}`, endpoint, { kind: 'wait', ms }, [eventTypes[index] ?? '']);
  });
  const routes = interleaved(SLOW_CUSTOMERS, RESOURCES_PER_CUSTOMER, (customer, resource) =>
    routeTo(`slow ${customer} ${resource}`, [webhooks[customer * RESOURCES_PER_CUSTOMER + resource]]),
  );
  return { webhooks, routes };
}

/** Customers with one endpoint and some resources each, all endpoints slow. */
export function slowCustomers(eventType: string, size: { customers: number; resources: number; ms: number }): Workload {
  const webhooks = listed(size.customers, 1, (customer) =>
    plan(`backlog ${customer}`, FIRST_ENDPOINT.backlog + customer, { kind: 'wait', ms: size.ms }, [eventType]),
  );
  const routes = interleaved(size.customers, size.resources, (customer, resource) =>
    routeTo(`backlog ${customer} ${resource}`, [webhooks[customer]]),
  );
  return { webhooks, routes };
}

/**
 * Healthy endpoints and some that accept and never answer, each a customer of its own with as many events as any other; the events
 * of both kinds take turns.
 */
export function someHang(
  eventType: string,
  size: { healthy: number; hanging: number; hangingOrigin: Origin },
): Workload {
  const { healthy, hanging, hangingOrigin } = size;
  const customers = [
    ...listed(healthy, 1, (customer) =>
      plan(`healthy ${customer}`, FIRST_ENDPOINT.healthy + customer, { kind: 'answer' }, [eventType]),
    ),
    ...listed(hanging, 1, (customer) => ({
      ...plan(
        `hanging ${hangingOrigin} ${customer}`,
        FIRST_ENDPOINT.hanging[hangingOrigin] + customer,
        { kind: 'hang' },
        [eventType],
      ),
      origin: hangingOrigin,
    })),
  ];
  const webhooks = spreadEvenly(customers, healthy);
  const routes = interleaved(webhooks.length, RESOURCES_PER_CUSTOMER, (customer, resource) =>
    routeTo(`isolation ${webhooks[customer]?.customerId} ${resource}`, [webhooks[customer]]),
  );
  return { webhooks, routes };
}

function plan(customer: string, endpoint: number, behaviour: Behaviour, eventTypes: readonly string[]): PlannedWebhook {
  return { customerId: uuidOf(customer), target: { endpoint, behaviour }, origin: 'first', eventTypes };
}

function routeTo(resource: string, webhooks: ReadonlyArray<PlannedWebhook | undefined>): Route {
  const receivers = webhooks.filter((webhook) => webhook !== undefined);
  const [first] = receivers;
  return {
    customerId: first?.customerId ?? '',
    resourceId: uuidOf(resource),
    eventType: first?.eventTypes[0] ?? '',
    targets: receivers.map(({ target }) => target),
  };
}

function listed<T>(customers: number, perCustomer: number, make: (customer: number, index: number) => T): T[] {
  return Array.from({ length: customers * perCustomer }, (_, at) =>
    make(Math.floor(at / perCustomer), at % perCustomer),
  );
}

/** Every customer's first resource, then every customer's second, and so on: consecutive events are of different customers. */
function interleaved<T>(customers: number, resources: number, make: (customer: number, resource: number) => T): T[] {
  return Array.from({ length: customers * resources }, (_, at) => make(at % customers, Math.floor(at / customers)));
}

/** Puts the items from `firstCount` on in between the first ones, at equal distances. */
function spreadEvenly<T>(items: readonly T[], firstCount: number): T[] {
  const rest = items.length - firstCount;
  const place = (at: number): number => (at < firstCount ? at : ((at - firstCount + 0.5) * firstCount) / rest);
  return items
    .map((item, at) => ({ item, place: place(at) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
