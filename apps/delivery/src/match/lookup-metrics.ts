import { Counter, Gauge, Histogram, type MetricsRegistry, type Tally, TallyCounter } from '#libs/runtime';

const PROPAGATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** How a search ended: the webhooks were in memory, were loaded, or could not be had. */
export type LookupResult = 'hit' | 'miss' | 'unavailable';

/** Counts how customers' webhooks are found, and how long changes of them take to get here. */
export class LookupMetrics {
  private readonly lookups: Readonly<Record<LookupResult, Tally>>;
  private readonly unmatchedEvents: Counter;
  private readonly propagation: Histogram;
  private readonly registry: MetricsRegistry;

  constructor(registry: MetricsRegistry) {
    this.registry = registry;
    const registers = [registry];
    const lookups = new TallyCounter({
      name: 'webhook_customer_lookups_total',
      help: "Searches for a customer's webhooks",
      labelNames: ['result'],
      registers,
    });
    this.lookups = {
      hit: lookups.tally({ result: 'hit' }),
      miss: lookups.tally({ result: 'miss' }),
      unavailable: lookups.tally({ result: 'unavailable' }),
    };
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

  /** A search ended. */
  looked(result: LookupResult): void {
    this.lookups[result].inc();
  }

  unmatched(): void {
    this.unmatchedEvents.inc();
  }

  /** @param afterMs since the change was announced. */
  changeHeeded(afterMs: number): void {
    this.propagation.observe(Math.max(0, afterMs) / 1_000);
  }
}
