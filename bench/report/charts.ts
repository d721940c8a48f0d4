import type { Spread } from '../measure/statistics.ts';
import type { CompanyFigures, Isolation } from '../scenarios/isolation.ts';
import type { SideBySide } from '../scenarios/side-by-side.ts';
import type { Throughput } from '../scenarios/throughput.ts';
import { barChart, type BarValue } from './bar-chart.ts';
import type { BenchResult } from './result.ts';

const SIDES = ['bare loop', 'delivery worker'];
const ORIGINS = ['on another origin', 'on the same host and port'];
const SHARE_AIM = 0.9;

/** The charts of the scenarios that ran, by file name. */
export function chartsOf({ machine, throughput, fanout, slow, isolation }: BenchResult): Map<string, string> {
  const where = `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}, everything on one machine`;
  const charts = new Map<string, string>();
  if (throughput) {
    charts.set('throughput.svg', throughputChart({ throughput, fanout, slow }, where));
    charts.set('latency.svg', latencyChart(throughput, where));
  }
  if (isolation) {
    charts.set('isolation.svg', isolationChart(isolation));
    charts.set('isolation-p99.svg', isolationLatencyChart(isolation));
  }
  return charts;
}

function throughputChart(
  given: { throughput: SideBySide; fanout: SideBySide | undefined; slow: SideBySide | undefined },
  where: string,
): string {
  const labels = { throughput: 'one webhook an event', fanout: 'ten webhooks an event', slow: 'endpoints take 20 ms' };
  const groups = (['throughput', 'fanout', 'slow'] as const).flatMap((name) => {
    const both = given[name];
    if (!both) return [];
    const bars = [bar(both.bare.deliveriesPerSecond), bar(both.product.deliveriesPerSecond)];
    return [{ label: labels[name], bars }];
  });
  return barChart({
    title: 'Deliveries a second from a backlog',
    subtitle: `Median, least and greatest round. ${where}`,
    xLabel: 'workload',
    yLabel: 'deliveries per second',
    series: SIDES,
    groups,
    decimals: 0,
  });
}

function latencyChart({ latency }: Throughput, where: string): string {
  const { bare, product, ratePerSecond } = latency;
  return barChart({
    title: `Latency at ${ratePerSecond.toLocaleString('en')} events a second`,
    subtitle: `From the producer's hand-over to the endpoint. ${where}`,
    xLabel: 'percentile',
    yLabel: 'milliseconds',
    series: SIDES,
    groups: (['p50', 'p95', 'p99'] as const).map((name) => ({
      label: name,
      bars: [{ value: bare[name] }, { value: product[name] }],
    })),
    decimals: 1,
  });
}

function isolationChart(isolation: Isolation): string {
  return barChart({
    title: 'What healthy endpoints keep of their throughput',
    subtitle: `${isolation.healthyEndpoints} healthy endpoints over a backlog; median, least and greatest round`,
    xLabel: 'endpoints that never answer, each with as many events as a healthy one',
    yLabel: 'throughput of the healthy, alone = 1',
    series: ORIGINS,
    groups: groupsOf(isolation, ({ relativeToAlone }) => bar(relativeToAlone)),
    aim: { value: SHARE_AIM, label: `aim beside 10: ${SHARE_AIM}` },
    decimals: 2,
  });
}

function isolationLatencyChart(isolation: Isolation): string {
  return barChart({
    title: 'What healthy endpoints wait: p99 at a fixed rate',
    subtitle: `${isolation.healthyPerSecond.toLocaleString('en')} events a second for ${isolation.healthyEndpoints} healthy endpoints; median, least and greatest round`,
    xLabel: 'endpoints that never answer, each with as many events as a healthy one',
    yLabel: 'p99 of the healthy, milliseconds',
    series: ORIGINS,
    groups: groupsOf(isolation, ({ p99Ms }) => bar(p99Ms)),
    decimals: 0,
  });
}

function groupsOf({ companies }: Isolation, barOf: (company: CompanyFigures) => BarValue) {
  const counts = [...new Set(companies.map(({ hanging }) => hanging))];
  return counts.map((count) => ({
    label: count === 0 ? 'none (alone)' : String(count),
    bars: (['other', 'same'] as const).map((origin) => {
      const company = companies.find((one) => one.hanging === count && (count === 0 || one.origin === origin));
      return company ? barOf(company) : undefined;
    }),
  }));
}

function bar({ median, min, max }: Spread): BarValue {
  return { value: median, low: min, high: max };
}
