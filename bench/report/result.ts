import { availableParallelism, cpus, release, totalmem } from 'node:os';

import type { Guarantees } from '../measure/guarantees.ts';
import type { BacklogFigures } from '../scenarios/backlog.ts';
import type { Isolation } from '../scenarios/isolation.ts';
import type { Scaling } from '../scenarios/scaling.ts';
import type { SelfTest } from '../scenarios/self-test.ts';
import type { SideBySide } from '../scenarios/side-by-side.ts';
import type { Throughput } from '../scenarios/throughput.ts';

/** Where the figures are from. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

/** Everything a run of the bench found; a scenario that was not asked for is absent. */
export interface BenchResult {
  readonly machine: Machine;
  readonly receiver: SelfTest;
  readonly throughput?: Throughput;
  readonly fanout?: SideBySide;
  readonly slow?: SideBySide;
  readonly isolation?: Isolation;
  readonly scaling?: Scaling;
  readonly backlog?: BacklogFigures;
  readonly guarantees: Guarantees;
  /** From the start of the stack to the last figure. */
  readonly seconds: number;
}

const GB = 1024 ** 3;

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / GB),
    system: `${process.platform} ${release()}`,
    node: process.version,
  };
}
