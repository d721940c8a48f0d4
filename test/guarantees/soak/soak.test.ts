import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';

import { SingleBar } from 'cli-progress';
import { expect, it } from '@jest/globals';

import { type Percentiles, percentilesOf, spreadOf } from '../../../bench/measure/statistics.ts';
import { lineCharts } from '../../../bench/report/line-chart.ts';
import { root } from '../../../deploy/local/places.ts';
import type { Receipts } from '../harness/endpoints/messages.ts';
import { report } from '../harness/figures.ts';
import { Ground } from '../harness/ground.ts';
import { type Sample, sampleOf } from './samples.ts';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? '60');
const MINUTE_MS = 60_000;
/** As much as the ledger writes into the embedded database all the time. */
const EVENTS_PER_SECOND = 100;
const SAMPLES = 240;
const APPS = ['config', 'delivery', 'retry', 'ledger'] as const;
/** Some of the endpoints refuse for a while, so that the retry worker has work, too. */
const FLAPPING = [0, 6];
const CHART = join(root, '.local', 'soak', 'soak.svg');
const MORE_MEMORY_MIB = 48;
const MORE_HANDLES = 20;
const SLOWER = 3;
const NEVER_TOO_SLOW_MS = 1_000;

it('an hour of work leaves memory, handles and latency where they were', async () => {
  const ground = await Ground.open({
    apps: ['delivery', 'retry', 'ledger'],
    perSecond: EVENTS_PER_SECOND,
    settings: { RETRY_SCHEDULE: '1s,2s,3s,5s,8s,13s,21s,34s,55s' },
  });
  try {
    await ground.begin();
    await ground.endpoints.behave(FLAPPING, { kind: 'flap', upMs: 20_000, downMs: 2_000 });
    const startedAt = Date.now();
    const rows = await sampled(ground);
    await ground.endpoints.behave(FLAPPING, { kind: 'answer' });
    const { books, receipts } = await ground.settle();
    const latencies = latenciesOf(ground, receipts, startedAt);
    await draw(rows, latencies);
    const measured = APPS.map((name) => [`${name} MiB`, `${quarter(rows, name, 1)} then ${quarter(rows, name, 3)}`]);
    report({ fault: `a soak of ${MINUTES} minutes`, measured: { ...books, ...Object.fromEntries(measured) } });
    expect(books).toMatchObject({ lost: 0, duplicates: 0, astray: 0 });
    for (const name of APPS) {
      expect(quarter(rows, name, 3)).toBeLessThan(quarter(rows, name, 1) + MORE_MEMORY_MIB);
      expect(quarter(rows, name, 3, 'handles')).toBeLessThan(quarter(rows, name, 1, 'handles') + MORE_HANDLES);
    }
    const p99 = (part: number): number => spreadOf(quarterOf(latencies, part).map((entry) => entry.p99)).median;
    expect(p99(3)).toBeLessThan(Math.max(NEVER_TOO_SLOW_MS, SLOWER * p99(1)));
  } finally {
    await ground.close();
  }
});

type Row = Readonly<Record<(typeof APPS)[number], Sample>>;

async function sampled(ground: Ground): Promise<Row[]> {
  const rows: Row[] = [];
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: 'soak [{bar}] {percentage}% {eta_formatted}' })
    : undefined;
  bar?.start(SAMPLES, 0);
  while (rows.length < SAMPLES) {
    await pauseFor((MINUTES * MINUTE_MS) / SAMPLES);
    const sample = (name: (typeof APPS)[number]): Sample => sampleOf(ground.world.app(name));
    rows.push({
      config: sample('config'),
      delivery: sample('delivery'),
      retry: sample('retry'),
      ledger: sample('ledger'),
    });
    bar?.update(rows.length);
    if (!bar && (4 * rows.length) % SAMPLES === 0) {
      process.stderr.write(`soak: ${(100 * rows.length) / SAMPLES}% of ${MINUTES} minutes\n`);
    }
  }
  bar?.stop();
  return rows;
}

/** Of the endpoints that answer always, for the events of the time before each sample. */
function latenciesOf({ load }: Ground, { answered }: Receipts, startedAt: number): Percentiles[] {
  const stepMs = (MINUTES * MINUTE_MS) / SAMPLES;
  const waits = Array.from({ length: SAMPLES }, (): number[] => []);
  for (const [at, number] of answered.events.entries()) {
    const sentAt = load.sentAt[number] ?? Number.NaN;
    if (FLAPPING.includes(answered.endpoints[at] ?? -1)) continue;
    waits[Math.floor((sentAt - startedAt) / stepMs)]?.push((answered.times[at] ?? Number.NaN) - sentAt);
  }
  return waits.map(percentilesOf);
}

function quarterOf<T>(all: readonly T[], part: number): T[] {
  return all.slice(Math.floor((part * all.length) / 4), Math.floor(((part + 1) * all.length) / 4));
}

/** The median of a quarter of the time, the first being 0. */
function quarter(rows: readonly Row[], name: keyof Row, part: number, what: keyof Sample = 'memoryMib'): number {
  return Math.round(spreadOf(quarterOf(rows, part).map((row) => row[name][what])).median);
}

async function draw(rows: readonly Row[], latencies: readonly Percentiles[]): Promise<void> {
  const times = rows.map((_, at) => ((at + 1) * MINUTES) / SAMPLES);
  const each = (what: keyof Sample) => APPS.map((name) => ({ name, values: rows.map((row) => row[name][what]) }));
  const percentiles = (['p50', 'p99'] as const).map((name) => ({
    name,
    values: latencies.map((entry) => entry[name]),
  }));
  await mkdir(dirname(CHART), { recursive: true });
  const svg = lineCharts({
    title: `A soak of ${MINUTES} minutes`,
    subtitle: `${EVENTS_PER_SECOND} events a second to ten endpoints that answer and two that flap`,
    xLabel: 'minutes',
    charts: [
      { title: 'Resident memory', yLabel: 'MiB', times, lines: each('memoryMib') },
      { title: 'Open handles', yLabel: 'handles', times, lines: each('handles') },
      { title: 'From the producer to the answer', yLabel: 'ms', times, lines: percentiles },
    ],
  });
  await writeFile(CHART, svg);
  process.stderr.write(`the chart is in ${CHART}\n`);
}
