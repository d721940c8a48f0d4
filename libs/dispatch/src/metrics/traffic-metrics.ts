import { Gauge, type MetricsRegistry } from '#libs/runtime';

import type { Bulkhead } from '../bulkhead/bulkhead.ts';

/** Shows what a worker has under way, what waits, and the state of the circuit breakers; counted once whenever `/metrics` asks. */
export function trafficMetrics(metrics: MetricsRegistry, bulkhead: Bulkhead): void {
  const waiting = new Gauge({
    name: 'webhook_deliveries_waiting',
    help: 'Deliveries that wait for their turn in memory',
    registers: [],
  });
  const breakers = new Gauge({
    name: 'webhook_breakers',
    help: 'Webhooks seen lately by the state of their circuit breaker',
    labelNames: ['state'],
    registers: [],
  });
  const underWay = new Gauge({
    name: 'webhook_attempts_in_flight',
    help: 'Requests under way',
    registers: [],
    collect() {
      const traffic = bulkhead.traffic();
      this.set(traffic.underWay);
      waiting.set(traffic.waiting);
      for (const [state, webhooks] of Object.entries(traffic.breakers)) breakers.set({ state }, webhooks);
    },
  });
  // The first is asked first, and has the others' values then.
  for (const gauge of [underWay, waiting, breakers]) metrics.registerMetric(gauge);
}
