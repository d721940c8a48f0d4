import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A row of the table in docs/observability.md. */
export interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly apps: readonly string[];
}

const ALL = ['config', 'delivery', 'retry', 'ledger'];
const ROW = /^\| `(\w+)` +\| (\w+) +\| ([^|]*)\| ([^|]*)\|/gm;
const LABEL = /(?:^|, )`(\w+)`/g;

/** The metrics that the documentation promises. */
export async function documentedMetrics(): Promise<readonly DocumentedMetric[]> {
  const text = await readFile(join(import.meta.dirname, '../../../docs/observability.md'), 'utf8');
  return [...text.matchAll(ROW)].map(([, name = '', type = '', labels = '', apps = '']) => ({
    name,
    type,
    labels: [...labels.replace(/: .*/, '').matchAll(LABEL)].map(([, label = '']) => label),
    apps: apps.trim() === 'all' ? ALL : apps.trim().split(', '),
  }));
}
