import { parseArgs } from 'node:util';

/** What can be measured. */
export const SCENARIO_NAMES = ['throughput', 'fanout', 'slow', 'isolation', 'scaling', 'backlog'] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** What a run of the bench was asked to do. */
export interface BenchOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly only: readonly ScenarioName[];
  readonly rounds: number;
  readonly events: number;
  /** How long all of it may take, in milliseconds; rounds are left out rather than that it takes longer. */
  readonly budgetMs: number;
  /** Where charts and figures are written; undefined: nowhere. */
  readonly charts: string | undefined;
  /** The result of an earlier run, from which capacity is computed instead of measuring. */
  readonly capacity: string | undefined;
  /** Assumptions of that computation, in place of the usual ones. */
  readonly assume: string | undefined;
}

/** The command line cannot be used; the message is one line with the option and the remedy. */
export class OptionError extends Error {
  readonly code = 'BAD_OPTION';
}

const DEFAULT_ROUNDS = 5;
const MOST_ROUNDS = 50;
/** A run must be long against the seconds in which a new process compiles its code. */
const DEFAULT_EVENTS = 120_000;
const FEWEST_EVENTS = 1_000;
const MOST_EVENTS = 1_000_000;
/** A default run ends within ten minutes; a part of the last is for the end of the round that has begun, and for ending the stack. */
const DEFAULT_BUDGET_MS = 580_000;
const RESULTS = 'bench/results';

export const HELP = `Measures the delivery worker side by side with a bare loop (kafkajs and undici, no guarantees).

  npm run bench                                  everything, within ten minutes
  npm run bench -- --only throughput,isolation   some scenarios
  npm run --silent bench -- --json > figures.json
  npm run --silent bench -- --capacity figures.json

  --only <names>   of ${SCENARIO_NAMES.join(', ')}
  --rounds <n>     rounds of each measurement, 1 to ${MOST_ROUNDS}; default ${DEFAULT_ROUNDS}, fewer of isolation where the time is short
  --events <n>     events of a backlog, ${FEWEST_EVENTS} to ${MOST_EVENTS}; default ${DEFAULT_EVENTS}
  --charts <dir>   where charts and figures are written; default ${RESULTS} for a run without --only, --rounds
                   and --events, nowhere for others
  --json           one JSON object on standard output, everything else on standard error
  --capacity <file>      measures nothing: what 1 thousand, 100 thousand and 1 million events a second take, by that result
                         of --json with throughput and fanout, and what an outage of many endpoints comes to
  --assume <name=value>  other assumptions for --capacity, comma-separated
  --help           this text

The exit code is 0 when nothing was lost, delivered twice or out of order, 1 when something was, 2 for a bad option.`;

/** Reads the command line. @throws OptionError */
export function readOptions(args: readonly string[]): BenchOptions {
  const values = parsed(args);
  if (values.assume !== undefined && values.capacity === undefined) {
    throw new OptionError('--assume has no effect without --capacity');
  }
  const partial =
    values.capacity !== undefined ||
    values.only !== undefined ||
    values.rounds !== undefined ||
    values.events !== undefined;
  return {
    help: values.help === true,
    json: values.json === true,
    only: values.only === undefined ? SCENARIO_NAMES : namesIn(values.only),
    rounds: whole('--rounds', values.rounds, 1, MOST_ROUNDS) ?? DEFAULT_ROUNDS,
    events: whole('--events', values.events, FEWEST_EVENTS, MOST_EVENTS) ?? DEFAULT_EVENTS,
    budgetMs: values.rounds === undefined && values.events === undefined ? DEFAULT_BUDGET_MS : Infinity,
    charts: values.charts ?? (partial ? undefined : RESULTS),
    capacity: values.capacity,
    assume: values.assume,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        only: { type: 'string' },
        rounds: { type: 'string' },
        events: { type: 'string' },
        charts: { type: 'string' },
        capacity: { type: 'string' },
        assume: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
    const [what = ''] = message.split(/\.?\s*(?:\.|\n)\s*/);
    throw new OptionError(`${what}; --help lists the options`, { cause: error });
  }
}

function namesIn(text: string): ScenarioName[] {
  const names = text.split(',').map((name) => name.trim());
  const known = SCENARIO_NAMES.filter((name) => names.includes(name));
  const unknown = names.find((name) => !SCENARIO_NAMES.some((scenario) => scenario === name));
  if (unknown === undefined) return known;
  throw new OptionError(`--only does not know "${unknown}"; name some of ${SCENARIO_NAMES.join(', ')}`);
}

function whole(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new OptionError(`${option} must be a whole number from ${least} to ${most}, not "${text}"`);
}
