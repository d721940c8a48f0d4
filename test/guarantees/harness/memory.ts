import { usageOf } from '../../../bench/measure/process-usage.ts';
import type { App } from '../../../deploy/local/apps.ts';

const MIB = 1_048_576;

/** The most memory that one of some processes takes, in MiB. */
export function largestMib(apps: readonly App[]): number {
  return Math.round(Math.max(0, ...apps.map((app) => usageOf(app.pid()).rssBytes)) / MIB);
}
