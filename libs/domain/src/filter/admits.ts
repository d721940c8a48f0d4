import { assertNever } from '../errors.ts';
import type { Comparison, EventFilter, FilterValue } from './filter.ts';

/**
 * Whether a filter lets an event through.
 *
 * A condition holds when a value that its path leads to fulfils all its comparisons. Where the path meets a list, each of its elements
 * is tried; where it leads nowhere, or to null, only `exists: false` holds. Values of different kinds are never equal.
 *
 * @param event the event as its endpoint gets it, parsed; whole numbers beyond 2^53 as bigint
 */
export function admits(filter: EventFilter, event: unknown): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.filters.every((part) => admits(part, event));
    case 'any':
      return filter.filters.some((part) => admits(part, event));
    case 'condition': {
      const values = valuesAt(event, filter.path);
      const isThere = values.length > 0;
      const [presence, content] = partition(filter.comparisons);
      if (presence.some(({ expected }) => expected !== isThere)) return false;
      return content.length === 0 || values.some((value) => content.every((comparison) => holds(comparison, value)));
    }
    default:
      return assertNever(filter);
  }
}

type Presence = Extract<Comparison, { kind: 'exists' }>;
type Content = Exclude<Comparison, Presence>;

function partition(comparisons: readonly Comparison[]): [Presence[], Content[]] {
  const presence: Presence[] = [];
  const content: Content[] = [];
  for (const comparison of comparisons) {
    if (comparison.kind === 'exists') presence.push(comparison);
    else content.push(comparison);
  }
  return [presence, content];
}

/** The values that a path leads to, without nulls. */
function valuesAt(from: unknown, path: readonly string[]): unknown[] {
  let values = spread(from);
  for (const name of path) values = values.flatMap((value) => spread(fieldOf(value, name)));
  return values;
}

function spread(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(spread);
  return value === null || value === undefined ? [] : [value];
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function holds(comparison: Content, value: unknown): boolean {
  switch (comparison.kind) {
    case 'equals':
      return isSame(comparison.value, value);
    case 'in':
      return comparison.values.some((wanted) => isSame(wanted, value));
    case 'gt':
      return isNumber(value) && value > comparison.bound;
    case 'gte':
      return isNumber(value) && value >= comparison.bound;
    case 'lt':
      return isNumber(value) && value < comparison.bound;
    case 'lte':
      return isNumber(value) && value <= comparison.bound;
    default:
      return assertNever(comparison);
  }
}

/** An event's number may be a bigint. It is compared by its value: neither of the two is smaller. */
function isSame(wanted: FilterValue, value: unknown): boolean {
  return typeof wanted === 'number' && isNumber(value) ? wanted >= value && wanted <= value : wanted === value;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
