import type { RunFigures } from './run.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** What one side reached in several rounds. */
export interface SideFigures {
  readonly rounds: number;
  readonly deliveriesPerSecond: Spread;
  /** CPU time of the side's process in microseconds; of several processes, all of them together. */
  readonly cpuUsPerDelivery: Spread;
  readonly peakRssMb: number;
  readonly connections: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly orderViolations: number;
  /** Rounds that ended before everything was delivered. */
  readonly unfinishedRounds: number;
}

const MB = 1024 * 1024;

/** Sums rounds up. */
export function sideFigures(rounds: readonly RunFigures[]): SideFigures {
  const sum = (of: (round: RunFigures) => number): number => rounds.reduce((total, round) => total + of(round), 0);
  const most = (of: (round: RunFigures) => number): number => Math.max(0, ...rounds.map(of));
  return {
    rounds: rounds.length,
    deliveriesPerSecond: spreadOf(rounds.map((round) => round.deliveriesPerSecond)),
    cpuUsPerDelivery: spreadOf(rounds.map(({ cpuUsPerDelivery }) => cpuUsPerDelivery.reduce((a, b) => a + b, 0))),
    peakRssMb: most(({ peakRssBytes }) => peakRssBytes) / MB,
    connections: most(({ connections }) => connections),
    missing: sum(({ verdict }) => verdict.missing),
    duplicates: sum(({ verdict }) => verdict.duplicates),
    orderViolations: sum(({ verdict }) => verdict.orderViolations),
    unfinishedRounds: sum(({ finished }) => (finished ? 0 : 1)),
  };
}
