import { Counter, Gauge, type MetricsRegistry } from '#libs/runtime';

/** A partition that the worker owns, as far as its figures go. */
export interface OwnedFigures {
  readonly topic: string;
  /** Records taken and not settled. */
  readonly inFlight: number;
  /** The time stamp of the oldest record that is not settled, in milliseconds since the epoch; undefined when there is none. */
  readonly oldestAt: number | undefined;
}

/** What a consumer tells of itself when it is asked. */
export interface ConsumerFigures {
  readonly joined: () => boolean;
  readonly partitions: () => readonly OwnedFigures[];
  /** Records behind the commit, by topic, as they were measured last. */
  readonly lag: () => ReadonlyMap<string, number>;
  readonly unsettledBytes: () => number;
  readonly unsettledLimit: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Shows the figures of a consumer; each is asked for when `/metrics` is. */
export class ConsumerMetrics {
  private readonly rebalances: Counter;

  constructor(metrics: MetricsRegistry, figures: ConsumerFigures) {
    const registers = [metrics];
    const gauge = (name: string, help: string, value: () => number): Gauge =>
      new Gauge({ name, help, registers, collect: setTo(value) });
    const byTopic = (name: string, help: string, values: () => ReadonlyMap<string, number>): Gauge =>
      new Gauge({ name, help, labelNames: ['topic'], registers, collect: setByTopic(values) });

    gauge('webhook_consumer_joined', '1 while the worker is a member of its consumer group', () =>
      figures.joined() ? 1 : 0,
    );
    gauge('webhook_consumer_records_in_flight', 'Records taken and not settled', () =>
      figures.partitions().reduce((sum, { inFlight }) => sum + inFlight, 0),
    );
    gauge('webhook_consumer_unsettled_bytes', 'Memory of records taken and not settled', figures.unsettledBytes);
    gauge('webhook_consumer_unsettled_limit_bytes', 'Bound on unsettled bytes', () => figures.unsettledLimit);
    byTopic('webhook_consumer_partitions', 'Partitions that the worker owns', () =>
      perTopic(figures.partitions(), (owned) => owned.length),
    );
    byTopic('webhook_consumer_lag_records', 'Records of these partitions behind the committed offset', figures.lag);
    byTopic('webhook_consumer_oldest_age_seconds', 'Age of the oldest record taken or waiting, and not settled', () =>
      perTopic(figures.partitions(), (owned) => oldestAgeMs(owned, figures.now()) / 1_000),
    );
    this.rebalances = new Counter({
      name: 'webhook_consumer_rebalances_total',
      help: 'Assignments of partitions',
      registers,
    });
  }

  /** Partitions were assigned. */
  assigned(): void {
    this.rebalances.inc();
  }
}

function setTo(value: () => number) {
  return function collect(this: Gauge): void {
    this.set(value());
  };
}

/** Topics that are no longer among the values are no longer shown. */
function setByTopic(values: () => ReadonlyMap<string, number>) {
  return function collect(this: Gauge): void {
    this.reset();
    for (const [topic, value] of values()) this.set({ topic }, value);
  };
}

function perTopic(
  partitions: readonly OwnedFigures[],
  figure: (owned: readonly OwnedFigures[]) => number,
): ReadonlyMap<string, number> {
  const topics = Map.groupBy(partitions, ({ topic }) => topic);
  return new Map([...topics].map(([topic, owned]) => [topic, figure(owned)]));
}

function oldestAgeMs(owned: readonly OwnedFigures[], now: number): number {
  return owned.reduce((oldest, { oldestAt }) => Math.max(oldest, oldestAt === undefined ? 0 : now - oldestAt), 0);
}
