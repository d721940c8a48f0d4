import type { GuaranteeBook } from '../measure/guarantees.ts';
import type { Reporter } from '../report/reporter.ts';
import type { Lab } from '../stack/lab.ts';

/** What a scenario is given. */
export interface Context {
  readonly lab: Lab;
  readonly reporter: Reporter;
  readonly guarantees: GuaranteeBook;
  readonly rounds: number;
  /** Events of a backlog, where the scenario does not set a number of its own. */
  readonly events: number;
  /** By when everything has to be done, by the clock of `performance.now()`. */
  readonly endBy: number;
}

/** The time limit of a run over a backlog, in milliseconds. */
export const RUN_LIMIT_MS = 120_000;
/** The share of a run that is not measured: start-up, and code that is not compiled yet. */
export const WARM_UP = 0.5;
