/** What a condition compares with. Whole numbers are no larger than 2^53 - 1, so that each is exact. */
export type FilterValue = string | number | boolean;

/** One comparison. All that a condition names must hold. */
export type Comparison =
  | { readonly kind: 'equals'; readonly value: FilterValue }
  | { readonly kind: 'in'; readonly values: readonly FilterValue[] }
  | { readonly kind: 'exists'; readonly expected: boolean }
  | { readonly kind: 'gt' | 'gte' | 'lt' | 'lte'; readonly bound: number };

/** Which events a webhook wants among those of its event types. */
export type EventFilter =
  | { readonly kind: 'condition'; readonly path: readonly string[]; readonly comparisons: readonly Comparison[] }
  | { readonly kind: 'all' | 'any'; readonly filters: readonly EventFilter[] };

/**
 * A webhook's filter as a worker knows it. One that was written by a newer version may hold what this one cannot judge: it is neither
 * "lets everything through" nor "lets nothing through".
 */
export type WebhookFilter =
  { readonly kind: 'filter'; readonly filter: EventFilter } | { readonly kind: 'unreadable'; readonly text: string };

/** The names of an event that a field's path begins with. */
export const FILTERED_ROOTS = ['id', 'type', 'resource_type', 'tm_create', 'data'] as const;

export const MAX_FILTER_DEPTH = 5;
export const MAX_FILTER_CONDITIONS = 50;
export const MAX_FILTER_VALUES = 100;
export const MAX_FILTER_PATH_LENGTH = 200;
export const MAX_FILTER_TEXT_LENGTH = 500;
