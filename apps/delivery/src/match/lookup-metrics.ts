import { Counter, Gauge, Histogram, type MetricsRegistry } from '#libs/runtime';

const PROPAGATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Counts how customers' webhooks are found, and how long changes of them take to get here. */
export class LookupMetrics {
  private readonly hits: Counter.Internal;
  private readonly misses: Counter.Internal;
  private readonly failures: Counter.Internal;
  private readonly unmatchedEvents: Counter;
  private readonly propagation: Histogram;
  private readonly registry: MetricsRegistry;

  constructor(registry: MetricsRegistry) {
    this.registry = registry;
    const registers = [registry];
    const lookups = new Counter({
      name: 'webhook_customer_lookups_total',
      help: "Searches for a customer's webhooks",
      labelNames: ['result'],
      registers,
    });
    this.hits = lookups.labels('hit');
    this.misses = lookups.labels('miss');
    this.failures = lookups.labels('unavailable');
    this.unmatchedEvents = new Counter({
      name: 'webhook_unmatched_events_total',
      help: 'Events that no webhook wants',
      registers,
    });
    this.propagation = new Histogram({
      name: 'webhook_config_propagation_seconds',
      help: 'From the announcement of a change to when this worker heeds it',
      buckets: PROPAGATION_BUCKETS_S,
      registers,
    });
  }

  /** @param size asked when `/metrics` is: customers whose webhooks are in memory. */
  cached(size: () => number): void {
    const customers = new Gauge({
      name: 'webhook_customers_cached',
      help: 'Customers whose webhooks are in memory',
      registers: [],
      collect() {
        this.set(size());
      },
    });
    this.registry.registerMetric(customers);
  }

  hit(): void {
    this.hits.inc();
  }

  miss(): void {
    this.misses.inc();
  }

  unavailable(): void {
    this.failures.inc();
  }

  unmatched(): void {
    this.unmatchedEvents.inc();
  }

  /** @param afterMs since the change was announced. */
  changeHeeded(afterMs: number): void {
    this.propagation.observe(Math.max(0, afterMs) / 1_000);
  }
}
