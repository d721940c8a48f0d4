import { describe, expect, it } from '@jest/globals';

import type { CompanyFigures } from '../scenarios/isolation.ts';
import type { BenchResult } from './result.ts';
import { verdictsOf } from './verdicts.ts';

const spread = (value: number) => ({ median: value, min: value, max: value });

const company = (hanging: number, share: number, p99: number): CompanyFigures => ({
  hanging,
  origin: hanging === 0 ? 'none' : 'same',
  rounds: 1,
  deliveriesPerSecond: spread(share * 10_000),
  relativeToAlone: spread(share),
  relativeAtFirst: share,
  p50Ms: spread(1),
  p95Ms: spread(2),
  p99Ms: spread(p99),
  unfinishedRounds: 0,
});

const result = (companies: readonly CompanyFigures[], lost = 0): BenchResult => ({
  machine: { cpu: '', cores: 2, memoryGb: 1, system: '', node: '' },
  receiver: {
    oneAtATime: { requestsPerSecond: 1, receiverCpuUs: 1 },
    tenAtATime: { requestsPerSecond: 1, receiverCpuUs: 1 },
  },
  isolation: { healthyEndpoints: 100, healthyEvents: 1, healthyPerSecond: 1, companies },
  guarantees: { lost, duplicates: 0, orderViolations: 0, astray: 0 },
  seconds: 1,
});

const missed = (given: BenchResult): string[] =>
  verdictsOf(given)
    .filter(({ met }) => !met)
    .map(({ what }) => what);

describe('the verdicts', () => {
  it('are met at the aims themselves', () => {
    expect(missed(result([company(0, 1, 80), company(10, 0.9, 160), company(50, 0.75, 900)]))).toEqual([]);
  });

  it('name what was missed', () => {
    const companies = [company(0, 1, 80), company(10, 0.89, 161), company(50, 0.74, 900)];
    expect(missed(result(companies, 1))).toEqual([
      'deliveries lost',
      'healthy throughput, 10 hanging, same origin',
      'healthy p99, 10 hanging, same origin',
      'healthy throughput, 50 hanging, same origin',
    ]);
  });

  it('let a p99 under 100 ms pass, however small it is alone', () => {
    expect(missed(result([company(0, 1, 5), company(10, 1, 99)]))).toEqual([]);
  });

  it('are not met by little memory for nothing', () => {
    const backlog = { events: 1, eventBytes: 1, endpoints: 1, endpointMs: 1, seconds: 1, deliveriesPerSecond: 0 };
    const of = (deliveries: number): string[] =>
      missed({ ...result([]), backlog: { ...backlog, deliveries, peakRssMb: 500 } });
    expect([of(1), of(0)]).toEqual([[], ['memory with a backlog and slow endpoints']]);
  });

  it('are not met by what was not measured', () => {
    const [verdict] = verdictsOf(result([company(0, 1, 5), company(50, Number.NaN, Number.NaN)])).slice(-1);
    expect(verdict).toMatchObject({ met: false, reached: 'not measured: no time left' });
  });
});
