import type { Origin, Workload } from '../data/workload.ts';
import { someHang } from '../data/workloads.ts';
import type { PacedFigures } from '../measure/paced.ts';
import type { RunFigures } from '../measure/run.ts';
import { ratioOf, type Spread, spreadOf } from '../measure/statistics.ts';
import { CompanyWorker } from './company-worker.ts';
import type { Context } from './context.ts';

/** Healthy endpoints alone, or beside some that accept and never answer. */
export interface Company {
  readonly hanging: number;
  /** Where those are, as seen from the healthy ones. */
  readonly origin: 'none' | 'other' | 'same';
}

/** What the healthy endpoints got in one company. */
export interface CompanyFigures extends Company {
  readonly rounds: number;
  /** Of the healthy endpoints, over a backlog: from the first delivery to the last. */
  readonly deliveriesPerSecond: Spread;
  /** The same by that of the healthy endpoints alone, round by round. */
  readonly relativeToAlone: Spread;
  /** The same over the first backlog of a new worker, by that of another one; measured once. */
  readonly relativeAtFirst: number;
  /** Of the healthy endpoints, at a fixed rate; in milliseconds. */
  readonly p50Ms: Spread;
  readonly p95Ms: Spread;
  readonly p99Ms: Spread;
  readonly unfinishedRounds: number;
}

export interface Isolation {
  readonly healthyEndpoints: number;
  /** In each backlog. */
  readonly healthyEvents: number;
  /** Of the healthy endpoints together, in the runs at a fixed rate. */
  readonly healthyPerSecond: number;
  readonly companies: readonly CompanyFigures[];
}

const HEALTHY = 100;
const MOST_HANGING = 50;
const COMPANIES: readonly Company[] = [
  { hanging: 0, origin: 'none' },
  { hanging: 1, origin: 'other' },
  { hanging: 1, origin: 'same' },
  { hanging: 10, origin: 'other' },
  { hanging: 10, origin: 'same' },
  { hanging: 50, origin: 'other' },
  { hanging: 50, origin: 'same' },
];
const PACE = 0.4;
const EVENTS_SHARE = 1 / 4;

interface Rounds {
  readonly company: Company;
  readonly worker: CompanyWorker;
  readonly first: RunFigures;
  readonly drained: RunFigures[];
  readonly paced: PacedFigures[];
}

/** The workloads with the most webhooks: their webhooks serve every company. */
export function isolationSeeds(eventType: string): Workload[] {
  return (['first', 'other'] as const).map((hangingOrigin) =>
    someHang(eventType, { healthy: HEALTHY, hanging: MOST_HANGING, hangingOrigin }),
  );
}

/**
 * Measures what endpoints that hang cost the healthy ones. Each company has a worker of its own, which is there in all rounds: what a new
 * one does first, compiling its code and learning who hangs, is measured once, and told apart.
 */
export async function isolation(context: Context, eventType: string): Promise<Isolation> {
  const { reporter, rounds } = context;
  const healthyEvents = Math.max(HEALTHY, Math.round(context.events * EVENTS_SHARE));
  const all: Rounds[] = [];
  for (const [at, company] of COMPANIES.entries()) {
    reporter.step(`isolation: ${named(company)}, a new worker`);
    const worker = await CompanyWorker.start(context, `isolation-${at}`, workloadOf(company, eventType));
    const first = await worker.drain(eventsFor(healthyEvents, company));
    reporter.line(`  ${perSecond(first.deliveriesPerSecond)} healthy deliveries/s`);
    all.push({ company, worker, first, drained: [], paced: [] });
  }
  const started = performance.now();
  let healthyPerSecond = 0;
  for (let round = 1; round <= rounds; round++) {
    const perRound = (performance.now() - started) / (round - 1);
    if (round > 1 && performance.now() + perRound > context.endBy) {
      reporter.line(`isolation: no time for more than ${round - 1} rounds`);
      break;
    }
    for (const { company, worker, drained, paced } of all) {
      if (performance.now() > context.endBy) break;
      reporter.step(`isolation: ${named(company)}, round ${round} of ${rounds}`);
      const backlog = await worker.drain(eventsFor(healthyEvents, company));
      healthyPerSecond ||= Math.max(1, Math.round(PACE * backlog.deliveriesPerSecond));
      const atRate = await worker.paced(eventsFor(healthyPerSecond, company));
      drained.push(backlog);
      paced.push(atRate);
      const { p50, p99 } = atRate.latencyMs;
      const rate = perSecond(backlog.deliveriesPerSecond);
      reporter.line(`  ${rate} healthy deliveries/s; p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
    }
  }
  await Promise.all(all.map(({ worker }) => worker.close()));
  return {
    healthyEndpoints: HEALTHY,
    healthyEvents,
    healthyPerSecond,
    companies: all.map((each) => figuresOf(each, all[0])),
  };
}

function figuresOf({ company, first, drained, paced }: Rounds, alone: Rounds | undefined): CompanyFigures {
  return {
    ...company,
    rounds: drained.length,
    deliveriesPerSecond: spreadOf(ratesOf(drained)),
    relativeToAlone: ratioOf(ratesOf(drained), ratesOf(alone?.drained)),
    relativeAtFirst: first.deliveriesPerSecond / (alone?.first.deliveriesPerSecond ?? Number.NaN),
    p50Ms: spreadOf(paced.map(({ latencyMs }) => latencyMs.p50)),
    p95Ms: spreadOf(paced.map(({ latencyMs }) => latencyMs.p95)),
    p99Ms: spreadOf(paced.map(({ latencyMs }) => latencyMs.p99)),
    unfinishedRounds: [first, ...drained, ...paced].filter(({ finished }) => !finished).length,
  };
}

function ratesOf(runs: readonly RunFigures[] = []): number[] {
  return runs.map(({ deliveriesPerSecond }) => deliveriesPerSecond);
}

function workloadOf({ hanging, origin }: Company, eventType: string): Workload {
  const hangingOrigin: Origin = origin === 'other' ? 'other' : 'first';
  return someHang(eventType, { healthy: HEALTHY, hanging, hangingOrigin });
}

/** So many that the healthy endpoints together get `healthy` of them. */
function eventsFor(healthy: number, { hanging }: Company): number {
  return Math.round((healthy * (HEALTHY + hanging)) / HEALTHY);
}

/** "100 healthy endpoints and 10 that hang, same origin". */
export function named({ hanging, origin }: Company): string {
  return hanging === 0 ? 'alone' : `${hanging} hanging, ${origin} origin`;
}

function perSecond(rate = 0): string {
  return Math.round(rate).toLocaleString('en');
}
