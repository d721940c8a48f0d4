import { assertNever } from '../errors.ts';
import {
  type Comparison,
  type EventFilter,
  FILTERED_ROOTS,
  type FilterValue,
  MAX_FILTER_CONDITIONS,
  MAX_FILTER_DEPTH,
  MAX_FILTER_PATH_LENGTH,
  MAX_FILTER_TEXT_LENGTH,
  MAX_FILTER_VALUES,
} from './filter.ts';

/** What is wrong with a filter, and where: names of fields and positions in lists, from its top. */
export interface FilterProblem {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

export type FilterReading =
  { readonly kind: 'read'; readonly filter: EventFilter } | { readonly kind: 'wrong'; readonly problem: FilterProblem };

const COMPARISONS = ['equals', 'in', 'exists', 'gt', 'gte', 'lt', 'lte'] as const;
type ComparisonName = (typeof COMPARISONS)[number];
const FORM =
  'must be {"field":"data.<name>", ...} with at least one of equals, in, exists, gt, gte, lt, lte; or {"all":[...]}, or {"any":[...]}';
const PATH = /^[^.]+(\.[^.]+)*$/;

/** Carries the first problem out of the depth of a filter. */
class Wrong extends Error {
  readonly problem: FilterProblem;

  constructor(path: FilterProblem['path'], message: string) {
    super(message);
    this.problem = { path, message };
  }
}

/** Reads a filter from JSON as a customer writes it, and judges it. */
export function readFilter(json: unknown): FilterReading {
  try {
    return { kind: 'read', filter: new Reading().filter(json, [], 1) };
  } catch (error) {
    if (error instanceof Wrong) return { kind: 'wrong', problem: error.problem };
    throw error;
  }
}

class Reading {
  private conditions = 0;

  filter(json: unknown, path: FilterProblem['path'], depth: number): EventFilter {
    if (depth > MAX_FILTER_DEPTH) throw new Wrong(path, `must not be nested deeper than ${MAX_FILTER_DEPTH} levels`);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Wrong(path, FORM);
    const given = new Map<string, unknown>(Object.entries(json));
    for (const kind of ['all', 'any'] as const) {
      if (given.has(kind)) return this.group(kind, given, path, depth);
    }
    return this.condition(given, path);
  }

  private group(
    kind: 'all' | 'any',
    given: ReadonlyMap<string, unknown>,
    path: FilterProblem['path'],
    depth: number,
  ): EventFilter {
    const [other] = [...given.keys()].filter((name) => name !== kind);
    if (other !== undefined) throw new Wrong([...path, other], `must not stand beside "${kind}"; put it into its list`);
    const list: unknown = given.get(kind);
    if (!Array.isArray(list) || list.length === 0)
      throw new Wrong([...path, kind], 'must be a non-empty list of filters');
    const filters = list.map((part: unknown, index) => this.filter(part, [...path, kind, index], depth + 1));
    return { kind, filters };
  }

  private condition(given: ReadonlyMap<string, unknown>, path: FilterProblem['path']): EventFilter {
    this.conditions += 1;
    if (this.conditions > MAX_FILTER_CONDITIONS) {
      throw new Wrong(path, `must not be there: a filter has at most ${MAX_FILTER_CONDITIONS} conditions`);
    }
    const field = fieldPath(given.get('field'), [...path, 'field']);
    const comparisons: Comparison[] = [];
    for (const [name, value] of given) {
      if (name === 'field') continue;
      const known = COMPARISONS.find((candidate) => candidate === name);
      if (known === undefined) throw new Wrong([...path, name], `is not a comparison; use ${COMPARISONS.join(', ')}`);
      comparisons.push(comparison(known, value, [...path, name]));
    }
    if (comparisons.length === 0) throw new Wrong(path, `needs at least one of ${COMPARISONS.join(', ')}`);
    const wantsAbsence = comparisons.some((one) => one.kind === 'exists' && !one.expected);
    if (wantsAbsence && comparisons.length > 1) {
      throw new Wrong(
        [...path, 'exists'],
        'must not be false beside another comparison: what is not there compares with nothing',
      );
    }
    return { kind: 'condition', path: field, comparisons };
  }
}

function fieldPath(given: unknown, path: FilterProblem['path']): readonly string[] {
  if (typeof given !== 'string' || given.length > MAX_FILTER_PATH_LENGTH || !PATH.test(given)) {
    const limit = `of at most ${MAX_FILTER_PATH_LENGTH} characters`;
    throw new Wrong(path, `must name a field of the event ${limit}, for example "data.activeflow_id"`);
  }
  const names = given.split('.');
  const [root = ''] = names;
  if (!FILTERED_ROOTS.some((known) => known === root)) {
    throw new Wrong(
      path,
      `begins with "${root}"; an event has ${FILTERED_ROOTS.join(', ')} (for example "data.${given}")`,
    );
  }
  return names;
}

function comparison(kind: ComparisonName, value: unknown, path: FilterProblem['path']): Comparison {
  switch (kind) {
    case 'equals':
      return { kind, value: scalar(value, path) };
    case 'in':
      if (!Array.isArray(value) || value.length === 0 || value.length > MAX_FILTER_VALUES) {
        throw new Wrong(path, `must be a list of 1 to ${MAX_FILTER_VALUES} values`);
      }
      return { kind, values: value.map((one: unknown, index) => scalar(one, [...path, index])) };
    case 'exists':
      if (typeof value !== 'boolean') throw new Wrong(path, 'must be true or false');
      return { kind, expected: value };
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { kind, bound: number(value, path) };
    default:
      return assertNever(kind);
  }
}

function scalar(value: unknown, path: FilterProblem['path']): FilterValue {
  if (value === null) throw new Wrong(path, 'must not be null; use "exists": false for what is absent or null');
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return number(value, path);
  if (typeof value !== 'string') throw new Wrong(path, 'must be text, a number, true or false');
  if (value.length > MAX_FILTER_TEXT_LENGTH)
    throw new Wrong(path, `must have at most ${MAX_FILTER_TEXT_LENGTH} characters`);
  return value;
}

function number(value: unknown, path: FilterProblem['path']): number {
  if (typeof value === 'bigint') throw new Wrong(path, 'must not be beyond 2^53 - 1: such numbers cannot be compared');
  if (typeof value !== 'number') throw new Wrong(path, 'must be a number');
  return value;
}
