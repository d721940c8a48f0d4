import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

import { packageVersion } from '../environment/package-root.ts';

export { Counter, Gauge, Histogram, type Registry as MetricsRegistry } from 'prom-client';
export { type Tally, type TallyBuckets, TallyCounter, TallyHistogram } from './tallies.ts';

/** Gauges that are named like counters, of the library's; each is the sum of one that is named well. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The registry that `/metrics` shows, with the process's own figures in it and the app's name on every sample. */
export function createMetrics(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const build = new Gauge({
    name: 'webhook_build_info',
    help: 'The version that runs',
    labelNames: ['version'],
    registers: [registry],
  });
  build.set({ version: packageVersion() }, 1);
  return registry;
}
