import Table from 'cli-table3';

import type { SideFigures } from '../measure/side-figures.ts';
import type { Percentiles, Spread } from '../measure/statistics.ts';
import { named } from '../scenarios/isolation.ts';
import type { SideBySide } from '../scenarios/side-by-side.ts';
import type { BenchResult } from './result.ts';
import { verdictsOf } from './verdicts.ts';

type Row = readonly string[];

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const spread = ({ median, min, max }: Spread, show: (value: number) => string): string =>
  `${show(median)} (${show(min)} to ${show(max)})`;
const digits =
  (count: number) =>
  (value: number): string =>
    value.toFixed(count);

/** The result as tables for a person to read. */
export function asTables(result: BenchResult, colors: boolean): string {
  const { throughput, fanout, slow, isolation, scaling, backlog } = result;
  const render = (title: string, head: Row, rows: readonly Row[]): string => {
    const style = colors ? {} : { style: { head: [], border: [] } };
    const table = new Table({ head: [...head], ...style });
    table.push(...rows.map((row) => [...row]));
    return `${title}\n${table.toString()}`;
  };
  const sides = [
    '',
    'deliveries/s, median (min to max)',
    'CPU us each',
    'peak MB',
    'connections',
    'twice',
    'order',
    'to go',
  ];
  const parts: string[] = [];
  for (const [title, both] of Object.entries({ throughput, fanout, slow })) {
    if (!both) continue;
    const ratio = `ratio ${spread(both.ratio, digits(2))}${usualRatio(both)}`;
    const setting = `${whole(both.events)} events of ${both.eventBytes} bytes, ${both.deliveriesPerEvent} webhook${both.deliveriesPerEvent === 1 ? '' : 's'} each`;
    parts.push(render(`${title}: ${ratio}; ${setting}`, sides, sideRows(both)));
  }
  if (throughput) {
    const { ratePerSecond, bare, product } = throughput.latency;
    parts.push(
      render(
        `latency at ${whole(ratePerSecond)} events/s, from the producer to the endpoint`,
        ['', 'p50 ms', 'p95 ms', 'p99 ms'],
        [percentileRow('bare loop', bare), percentileRow('delivery worker', product)],
      ),
    );
  }
  if (isolation) {
    parts.push(
      render(
        `isolation: ${isolation.healthyEndpoints} healthy endpoints; in each round a backlog of ${whole(isolation.healthyEvents)} events for them, then ${whole(isolation.healthyPerSecond)} events/s`,
        [
          'beside',
          'deliveries/s',
          'of alone, median (min to max)',
          'a new worker',
          'p50 ms',
          'p95 ms',
          'p99 ms',
          'rounds',
          'not finished',
        ],
        isolation.companies.map((company) => [
          named(company),
          whole(company.deliveriesPerSecond.median),
          spread(company.relativeToAlone, digits(2)),
          company.relativeAtFirst.toFixed(2),
          company.p50Ms.median.toFixed(1),
          company.p95Ms.median.toFixed(1),
          spread(company.p99Ms, digits(0)),
          String(company.rounds),
          String(company.unfinishedRounds),
        ]),
      ),
    );
  }
  if (scaling) {
    const each = scaling.cpuUsOfEach.map(({ median }) => median.toFixed(1)).join(' + ');
    parts.push(
      render(
        `scaling: two workers reach ${spread(scaling.gain, digits(2))} times what one does; CPU us per delivery of the two: ${each}`,
        sides,
        [sideRow('one worker', scaling.one), sideRow('two workers', scaling.two)],
      ),
    );
  }
  if (backlog) {
    parts.push(
      render(
        `backlog: ${whole(backlog.events)} events of ${backlog.eventBytes} bytes for ${whole(backlog.endpoints)} endpoints that take ${backlog.endpointMs} ms, ${backlog.seconds} s`,
        ['deliveries', 'deliveries/s', 'peak MB'],
        [[whole(backlog.deliveries), whole(backlog.deliveriesPerSecond), backlog.peakRssMb.toFixed(0)]],
      ),
    );
  }
  parts.push(
    render(
      'verdicts',
      ['', 'aim', 'reached', ''],
      verdictsOf(result).map(({ what, aim, reached, met }) => [what, aim, reached, met ? 'met' : 'MISSED']),
    ),
    footer(result),
  );
  return parts.join('\n\n');
}

function usualRatio({ usual }: SideBySide): string {
  return usual ? ` over as many connections, ${spread(usual.ratio, digits(2))} with ${usual.bare.connections}` : '';
}

function sideRows({ bare, product, usual }: SideBySide): Row[] {
  return [
    sideRow('bare loop', bare),
    ...(usual ? [sideRow(`bare loop, ${usual.bare.connections}`, usual.bare)] : []),
    sideRow('delivery worker', product),
  ];
}

function sideRow(name: string, side: SideFigures): Row {
  return [
    name,
    spread(side.deliveriesPerSecond, whole),
    side.cpuUsPerDelivery.median.toFixed(1),
    whole(side.peakRssMb),
    whole(side.connections),
    whole(side.duplicates),
    whole(side.orderViolations),
    whole(side.missing),
  ];
}

function percentileRow(name: string, { p50, p95, p99 }: Percentiles): Row {
  return [name, p50.toFixed(1), p95.toFixed(1), p99.toFixed(1)];
}

function footer({ machine, receiver, seconds }: BenchResult): string {
  const { oneAtATime, tenAtATime } = receiver;
  return [
    `The receiver takes ${whole(oneAtATime.requestsPerSecond)} requests/s at ${oneAtATime.receiverCpuUs.toFixed(1)} us CPU each over 100 connections, ` +
      `${whole(tenAtATime.requestsPerSecond)} at ${tenAtATime.receiverCpuUs.toFixed(1)} us with ten under way on each.`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; everything ran on it.`,
    `Took ${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s.`,
  ].join('\n');
}
