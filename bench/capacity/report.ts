import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { outageChart } from './outage/chart.ts';
import { scenesOf } from './outage/scenes.ts';
import { simulate } from './outage/simulate.ts';
import { planFor } from './plan.ts';
import { assumptionTable, measuredTable, outageTable, planTable } from './tables.ts';

/** Events a second that are planned for. */
const RATES = [1_000, 100_000, 1_000_000] as const;
const CHARTED = 100_000;

/** What docs/capacity.md shows. */
export interface CapacityReport {
  /** Markdown: what was measured, what is assumed, the plans, the outages. */
  readonly tables: readonly string[];
  /** SVG: how deep the retry topics get in an outage. */
  readonly outage: string;
}

/** Computes the plans, and plays the outages. */
export function capacityReport(measured: Measured, assumed: Assumptions): CapacityReport {
  const plans = RATES.map((rate) => planFor(rate, measured, assumed));
  const outages = plans.flatMap((plan) =>
    scenesOf(plan, assumed).map((scene) => ({ plan, scene, course: simulate(scene.outage) })),
  );
  return {
    tables: [measuredTable(measured), assumptionTable(assumed), planTable(plans), outageTable(outages)],
    outage: outageChart(
      `A region is away, at ${CHARTED.toLocaleString('en')} events a second`,
      outages.filter(({ plan }) => plan.eventsPerSecond === CHARTED),
    ),
  };
}
