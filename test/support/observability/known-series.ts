import { createMetrics } from '#libs/runtime';

import { documentedMetrics } from '../metrics/documented.ts';

/** Labels by the name of a series. */
export type KnownSeries = ReadonlyMap<string, ReadonlySet<string>>;

/** Of every series of an app: what Prometheus adds, and the app. */
const EVERYWHERE = ['job', 'instance', 'app'];

/** The series that Prometheus has of the apps: those that docs/observability.md tells of, those of every process, and `up`. */
export async function knownSeries(): Promise<KnownSeries> {
  const ours = (await documentedMetrics()).flatMap(({ name, type, labels }) => seriesOf(name, type, labels));
  const everyProcess = (await createMetrics('any').getMetricsAsJSON()).flatMap(({ name, type, values }) => {
    const labels = values.flatMap((value) => Object.keys(value.labels));
    return seriesOf(name, String(type), labels);
  });
  return new Map([...ours, ...everyProcess, ['up', new Set(['job', 'instance'])]]);
}

function seriesOf(name: string, type: string, labels: readonly string[]): Array<[string, ReadonlySet<string>]> {
  const known = new Set([...EVERYWHERE, ...labels]);
  if (type !== 'histogram') return [[name, known]];
  return [
    [`${name}_count`, known],
    [`${name}_sum`, known],
    [`${name}_bucket`, new Set([...known, 'le'])],
  ];
}
