import { assertNever } from '../errors.ts';
import type { Comparison, EventFilter } from './filter.ts';

/** A filter as JSON, as `readFilter` reads it. */
export function filterJson(filter: EventFilter): Readonly<Record<string, unknown>> {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return { [filter.kind]: filter.filters.map(filterJson) };
    case 'condition':
      return { field: filter.path.join('.'), ...Object.fromEntries(filter.comparisons.map(comparisonJson)) };
    default:
      return assertNever(filter);
  }
}

function comparisonJson(comparison: Comparison): [string, unknown] {
  switch (comparison.kind) {
    case 'equals':
      return [comparison.kind, comparison.value];
    case 'in':
      return [comparison.kind, comparison.values];
    case 'exists':
      return [comparison.kind, comparison.expected];
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return [comparison.kind, comparison.bound];
    default:
      return assertNever(comparison);
  }
}
