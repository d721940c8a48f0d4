import { Counter, Histogram, type MetricsRegistry } from '#libs/runtime';

const WRITE_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the ledger writes, as its records' kinds are called in `/metrics`. */
const KINDS = ['attempt', 'dead_letter', 'rejected_event'] as const;

export type LedgerKind = (typeof KINDS)[number];

/** Counts the writes to MongoDB, by what is written. */
export class BulkMetrics {
  private readonly records: Counter;
  private readonly durations: Histogram;
  private readonly failures: Counter;

  constructor(metrics: MetricsRegistry) {
    const shared = { labelNames: ['kind'], registers: [metrics] };
    this.records = new Counter({ name: 'webhook_ledger_records_total', help: 'Records written to MongoDB', ...shared });
    this.durations = new Histogram({
      name: 'webhook_ledger_write_duration_seconds',
      help: 'One write of many records to MongoDB',
      buckets: WRITE_BUCKETS_S,
      ...shared,
    });
    this.failures = new Counter({
      name: 'webhook_ledger_write_failures_total',
      help: 'Failed writes to MongoDB; each is tried again',
      ...shared,
    });
    // A counter that first shows as 1 has not grown, as Prometheus sees it.
    for (const kind of KINDS) {
      this.records.inc({ kind }, 0);
      this.failures.inc({ kind }, 0);
    }
  }

  /** @param tookMs from the request to its answer. */
  written(kind: LedgerKind, records: number, tookMs: number): void {
    this.records.inc({ kind }, records);
    this.durations.observe({ kind }, tookMs / 1_000);
  }

  failed(kind: LedgerKind): void {
    this.failures.inc({ kind });
  }
}
