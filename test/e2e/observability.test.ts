import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import got from 'got';

import { APP_NAMES } from '../../deploy/local/apps.ts';
import { queriesOf, readAlerts, readDashboards } from '../support/observability/files.ts';
import { Load } from '../support/observability/load.ts';
import { promtool } from '../support/prometheus/programs.ts';
import { selectorsOf } from '../support/prometheus/promql.ts';
import { Prometheus } from '../support/prometheus/server.ts';
import { type CollectedSpan, Collector } from '../support/traces/collector.ts';
import { eventually } from '../support/world/eventually.ts';
import { World } from '../support/world/world.ts';

const PATIENCE_MS = 180_000;

/** A query, and who asks it. */
interface Asked {
  readonly where: string;
  readonly expr: string;
}

let world: World;
let load: Load;
let prometheus: Prometheus;
let collector: Collector;

beforeAll(async () => {
  collector = await Collector.open();
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, OTEL_TRACES_SAMPLER_ARG: '1' };
  world = await World.open({ RETRY_SCHEDULE: '', ...traced }, APP_NAMES);
  load = await Load.on(world);
  const addresses = APP_NAMES.map((name) => [name, world.running(name).map(({ address }) => address)]);
  prometheus = await Prometheus.start(Object.fromEntries(addresses));
});

afterAll(async () => {
  await load.close();
  await world.close();
  await prometheus.stop();
  await collector.close();
});

/** Those whose answer is not a finite number yet, under the load. */
async function unanswered(queries: readonly Asked[]): Promise<Asked[]> {
  const answers = await Promise.all(queries.map(({ expr }) => prometheus.query(expr)));
  return queries.filter((_, index) => !answers[index]!.some(({ value }) => Number.isFinite(value)));
}

/** Repeats the load until every query has had its answer. */
async function answeredUnderLoad(queries: readonly Asked[]): Promise<void> {
  let left = queries;
  await eventually(
    async () => {
      await load.round();
      left = await unanswered(left);
      return left;
    },
    (still) => still.length === 0,
    PATIENCE_MS,
  );
}

describe('a real Prometheus that scrapes the apps under load', () => {
  it('has a value for every query of every dashboard', async () => {
    const queries = [...(await readDashboards()).values()].flatMap((dashboard) => queriesOf(dashboard, '1m'));
    expect(queries.length).toBeGreaterThan(0);
    await answeredUnderLoad(queries);
  });

  it('has series for everything that an alert looks at, and evaluates each', async () => {
    const alerts = await readAlerts();
    const selectors = alerts.flatMap(({ alert, expr }) =>
      selectorsOf(expr).map(({ text }) => ({ where: alert, expr: text })),
    );
    expect(selectors.length).toBeGreaterThan(alerts.length);
    await answeredUnderLoad(selectors);
    const rules = await eventually(
      () => prometheus.rules(),
      (states) => states.every(({ health }) => health !== 'unknown'),
    );
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.map(({ name }) => name).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  it('finds every app at its job', async () => {
    const up = await prometheus.query(
      'min by (job, app) (up * on (job, instance) group_left (app) webhook_build_info)',
    );
    expect(up).toHaveLength(APP_NAMES.length);
    for (const name of APP_NAMES) expect(up).toContainEqual({ metric: { job: name, app: name }, value: 1 });
  });
});

it('traces a delivery of the demo from Kafka through its failure to its retry', async () => {
  await load.round();
  const [retried] = await eventually(
    async () => collector.with('webhook.id', load.recovering).filter(({ service }) => service === 'webhook-retry'),
    ({ length }) => length > 0,
  );
  expect(ledTo(retried!).map(({ service, name }) => `${service}: ${name}`)).toEqual([
    `webhook-delivery: process ${world.prefix}resource-events`,
    'webhook-delivery: POST',
    `webhook-retry: process ${world.prefix}webhook-retry-5s`,
  ]);
});

/** The spans that a span follows, from the first, and the span itself. */
function ledTo(span: CollectedSpan): CollectedSpan[] {
  const parent = collector.spans.find(
    ({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId,
  );
  return parent ? [...ledTo(parent), span] : [span];
}

it.each(APP_NAMES)('/metrics of %s is as Prometheus wants metrics to be', async (name) => {
  const text = await got(`${world.app(name).address}/metrics`).text();
  expect(await promtool(['check', 'metrics'], text)).toEqual({ ok: true, text: '' });
});
