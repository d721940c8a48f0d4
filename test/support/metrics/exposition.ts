/** One sample as `/metrics` shows it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as `/metrics` shows it; of a histogram the samples are its `_count`s. */
export interface ShownMetric {
  readonly type: string;
  readonly samples: readonly Sample[];
}

const TYPE = /^# TYPE (\S+) (\S+)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus's text format. @throws Error at a line that it is not. */
export function readMetrics(text: string): ReadonlyMap<string, ShownMetric> {
  const metrics = new Map<string, { type: string; samples: Sample[] }>();
  for (const line of text.split('\n')) {
    const [, typed, type] = TYPE.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) metrics.set(typed, { type, samples: [] });
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels, value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a sample: ${line}`);
    const sample = { labels: labelsOf(labels ?? ''), value: Number(value) };
    (metrics.get(name) ?? metrics.get(name.replace(/_count$/, '')))?.samples.push(sample);
  }
  return metrics;
}

/** The sum of the samples that have these labels, among others. */
export function total(
  metrics: ReadonlyMap<string, ShownMetric>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const samples = metrics.get(name)?.samples ?? [];
  const fit = samples.filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
  return fit.reduce((sum, { value }) => sum + value, 0);
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
}
