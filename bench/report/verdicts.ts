import { type CompanyFigures, named } from '../scenarios/isolation.ts';
import type { BenchResult } from './result.ts';

/** What is aimed at, and whether it was reached. */
export interface Verdict {
  readonly what: string;
  readonly aim: string;
  readonly reached: string;
  readonly met: boolean;
}

const RATIO = { least: 0.5, aim: 0.75 };
const CPU_US = 75;
const SHARE_BESIDE = new Map([
  [10, 0.9],
  [50, 0.75],
]);
const P99 = { factor: 2, ms: 100, hanging: 10 };
const RSS_MB = 512;
const NOT_MEASURED = 'not measured: no time left';

/** Every aim that the scenarios that ran have a figure for. */
export function verdictsOf(result: BenchResult): Verdict[] {
  const { throughput, isolation, backlog, guarantees } = result;
  const verdicts: Verdict[] = [
    zero('deliveries lost', guarantees.lost),
    zero('deliveries made twice', guarantees.duplicates),
    zero('deliveries out of order', guarantees.orderViolations),
    zero('deliveries at the wrong endpoint', guarantees.astray),
  ];
  if (throughput) {
    const { ratio, product } = throughput;
    verdicts.push(
      {
        what: 'speed, by that of the bare loop over as many connections',
        aim: `at least ${RATIO.least} (aim ${RATIO.aim})`,
        reached: ratio.median.toFixed(2),
        met: ratio.median >= RATIO.least,
      },
      {
        what: 'CPU per delivery',
        aim: `at most ${CPU_US} us`,
        reached: `${product.cpuUsPerDelivery.median.toFixed(1)} us`,
        met: product.cpuUsPerDelivery.median <= CPU_US,
      },
    );
  }
  if (isolation) verdicts.push(...isolation.companies.flatMap((company) => aimsBeside(company, isolation.companies)));
  if (backlog) {
    verdicts.push({
      what: 'memory with a backlog and slow endpoints',
      aim: `under ${RSS_MB} MB`,
      reached: `${backlog.peakRssMb.toFixed(0)} MB`,
      met: backlog.deliveries > 0 && backlog.peakRssMb < RSS_MB,
    });
  }
  return verdicts;
}

function zero(what: string, count: number): Verdict {
  return { what, aim: 'none', reached: count === 0 ? 'none' : String(count), met: count === 0 };
}

function aimsBeside(company: CompanyFigures, all: readonly CompanyFigures[]): Verdict[] {
  const least = SHARE_BESIDE.get(company.hanging);
  if (least === undefined) return [];
  const share = company.relativeToAlone.median;
  const throughput: Verdict = {
    what: `healthy throughput, ${named(company)}`,
    aim: `at least ${least} of alone`,
    reached: Number.isNaN(share) ? NOT_MEASURED : share.toFixed(2),
    met: share >= least,
  };
  if (company.hanging !== P99.hanging) return [throughput];
  const alone = all.find(({ hanging }) => hanging === 0)?.p99Ms.median ?? Number.NaN;
  const p99 = company.p99Ms.median;
  return [
    throughput,
    {
      what: `healthy p99, ${named(company)}`,
      aim: `at most ${P99.factor} times alone, or under ${P99.ms} ms`,
      reached: Number.isNaN(p99) ? NOT_MEASURED : `${p99.toFixed(0)} ms (alone ${alone.toFixed(0)} ms)`,
      met: p99 <= P99.factor * alone || p99 < P99.ms,
    },
  ];
}
