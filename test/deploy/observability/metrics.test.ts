import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { root } from '../../../deploy/local/places.ts';
import { queriesOf, readAlerts, readDashboards } from '../../support/observability/files.ts';
import { type KnownSeries, knownSeries } from '../../support/observability/known-series.ts';
import { PromqlError, selectorsOf } from '../../support/prometheus/promql.ts';

const METRIC = /\b(webhook_[a-z_]+_[a-z]+|(process|nodejs)_\w+)\b/;
const SHELL = /^(logs|lag|kubectl|curl|mongosh) /;

let known: KnownSeries;

beforeAll(async () => {
  known = await knownSeries();
});

/** What an expression asks for that no app tells. */
function unknownIn(expression: string): string[] {
  return selectorsOf(expression).flatMap(({ metric, labels }) => {
    const its = known.get(metric);
    if (!its) return [metric];
    return labels.filter((label) => !its.has(label)).map((label) => `${metric}{${label}}`);
  });
}

/** The lines and words of code in the runbooks that are for Prometheus, not for a shell. */
async function runbookQueries(): Promise<string[]> {
  const folder = join(root, 'docs', 'runbooks');
  const pages = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const code = pages.flatMap((page) =>
    [...page.matchAll(/^ {4}(.+)$|`([^`]+)`/gm)].map(([, line, word]) => line ?? word!),
  );
  return code.filter((text) => METRIC.test(text) && !SHELL.test(text));
}

describe('only metrics and labels that docs/observability.md tells of, or every process has, are asked for', () => {
  it('by the alerts', async () => {
    const alerts = await readAlerts();
    expect(alerts.length).toBeGreaterThan(0);
    expect(alerts.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
  });

  it('by the dashboards', async () => {
    const queries = [...(await readDashboards()).values()].flatMap((dashboard) => queriesOf(dashboard, '1m'));
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
  });

  it('by the runbooks', async () => {
    const queries = await runbookQueries();
    expect(queries.length).toBeGreaterThan(0);
    expect(queries.flatMap(unknownIn)).toEqual([]);
  });

  it.each([
    ['a metric that does not exist', 'rate(webhook_delivery_total[5m])', ['webhook_delivery_total']],
    ['a histogram without a suffix', 'webhook_attempt_duration_seconds', ['webhook_attempt_duration_seconds']],
    ['a label in a matcher', 'webhook_breakers{status="open"}', ['webhook_breakers{status}']],
    ['a label in a grouping', 'sum by (app, tier) (webhook_breakers)', ['webhook_breakers{tier}']],
    ['a label in an outer grouping', 'max by (topic) (sum by (app) (webhook_breakers))', ['webhook_breakers{topic}']],
    ['a label that both sides match by', 'up / on (app) webhook_breakers', ['up{app}']],
    [
      'a value given as a label',
      'webhook_delivery_latency_seconds_sum{first="1"}',
      ['webhook_delivery_latency_seconds_sum{first}'],
    ],
  ])('and %s would be noticed', (_, expression, unknown) => {
    expect(unknownIn(expression)).toEqual(unknown);
  });

  it('and text that is not PromQL, too', () => {
    expect(() => selectorsOf('sum(rate(up[5m])')).toThrow(PromqlError);
  });
});
