import { Gauge, type MetricsRegistry } from '#libs/runtime';

import type { Bulkhead } from '../bulkhead/bulkhead.ts';

/** Shows what a worker has under way, what waits, and the state of the circuit breakers; counted when `/metrics` asks. */
export function trafficMetrics(metrics: MetricsRegistry, bulkhead: Bulkhead): void {
  const gauges = [
    new Gauge({
      name: 'webhook_attempts_in_flight',
      help: 'Requests under way',
      registers: [],
      collect() {
        this.set(bulkhead.traffic().underWay);
      },
    }),
    new Gauge({
      name: 'webhook_deliveries_waiting',
      help: 'Deliveries that wait for their turn in memory',
      registers: [],
      collect() {
        this.set(bulkhead.traffic().waiting);
      },
    }),
    new Gauge({
      name: 'webhook_breakers',
      help: 'Webhooks seen lately by the state of their circuit breaker',
      labelNames: ['state'],
      registers: [],
      collect() {
        for (const [state, webhooks] of Object.entries(bulkhead.traffic().breakers)) this.set({ state }, webhooks);
      },
    }),
  ];
  for (const gauge of gauges) metrics.registerMetric(gauge);
}
