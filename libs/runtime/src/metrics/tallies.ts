import { Counter, Histogram, type HistogramConfiguration, type LabelValues } from 'prom-client';

type CountedValues<T extends string> = Awaited<ReturnType<Histogram<T>['get']>>;

/** A sample of a counter that is counted in a field. */
export class Tally {
  private count = 0;

  inc(): void {
    this.count += 1;
  }

  /** What came since the last time. */
  take(): number {
    const { count } = this;
    this.count = 0;
    return count;
  }
}

/**
 * A counter for what happens with every delivery. The library makes and looks up a sample's key with each count; a {@link Tally} is added
 * to its sample when the metrics are asked for.
 */
export class TallyCounter<T extends string> extends Counter<T> {
  private readonly tallies: Array<{ readonly labels: LabelValues<T>; readonly tally: Tally }> = [];

  /** The sample with these labels; it shows from now on. */
  tally(labels: LabelValues<T>): Tally {
    const tally = new Tally();
    this.inc(labels, 0);
    this.tallies.push({ labels, tally });
    return tally;
  }

  override get(): ReturnType<Counter<T>['get']> {
    for (const { labels, tally } of this.tallies) this.inc(labels, tally.take());
    return super.get();
  }
}

/** The samples of a histogram with the same labels, counted in fields. */
export class TallyBuckets {
  private readonly bounds: readonly number[];
  /** Of each bound alone, and of what is above all of them. */
  private readonly counts: Float64Array;
  private sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** A value that is no finite number says nothing. */
  observe(value: number): void {
    if (!Number.isFinite(value)) return;
    const { bounds, counts } = this;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] ?? Infinity)) at += 1;
    counts[at] = (counts[at] ?? 0) + 1;
    this.sum += value;
  }

  /** How many were within each bound, and in all. */
  read(): {
    readonly within: ReadonlyArray<{ readonly le: number | '+Inf'; readonly count: number }>;
    readonly sum: number;
  } {
    let count = 0;
    const within = [...this.bounds, '+Inf' as const].map((le, at) => {
      count += this.counts[at] ?? 0;
      return { le, count };
    });
    return { within, sum: this.sum };
  }
}

/** A histogram for what happens with every delivery, for the reason of {@link TallyCounter}. Only its {@link tally | tallies} show. */
export class TallyHistogram<T extends string> extends Histogram<T> {
  private readonly bounds: readonly number[];
  private readonly named: string;
  private readonly plain: Histogram<T>;
  private readonly tallies: Array<{ readonly labels: LabelValues<T>; readonly buckets: TallyBuckets }> = [];

  constructor(configuration: HistogramConfiguration<T> & { readonly buckets: number[] }) {
    super(configuration);
    this.bounds = configuration.buckets;
    this.named = configuration.name;
    this.plain = new Histogram({ ...configuration, registers: [] });
  }

  /** The samples with these labels; they show from now on. */
  tally(labels: LabelValues<T>): TallyBuckets {
    const buckets = new TallyBuckets(this.bounds);
    this.tallies.push({ labels, buckets });
    return buckets;
  }

  override async get(): Promise<CountedValues<T>> {
    const values = this.tallies.flatMap(({ labels, buckets }) => {
      const { within, sum } = buckets.read();
      return [
        ...within.map(({ le, count }) => ({
          metricName: `${this.named}_bucket`,
          labels: { ...labels, le },
          value: count,
        })),
        { metricName: `${this.named}_sum`, labels, value: sum },
        { metricName: `${this.named}_count`, labels, value: within.at(-1)?.count ?? 0 },
      ];
    });
    return { ...(await this.plain.get()), values };
  }

  /** What the registry asks for where it finds it. */
  getForPromString(): Promise<CountedValues<T>> {
    return this.get();
  }
}
