import type { AttemptRecord, AttemptResultKind } from '#libs/domain';

/** Kinds of answers by their status; `none` where there was no answer. */
export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx', 'none'] as const;

export type StatusClass = (typeof STATUS_CLASSES)[number];

/** What a list of attempts can be narrowed to. */
export interface AttemptNarrowing {
  readonly outcome?: AttemptResultKind | undefined;
  readonly status?: StatusClass | undefined;
  readonly eventType?: string | undefined;
}

const HUNDRED = 100;

/**
 * Every narrowing that an attempt belongs to, as texts. They are an array in its document, so that one index, with the sort key
 * behind, answers every combination and reads nothing but what it returns.
 */
export function facetsOf(record: Pick<AttemptRecord, 'outcome' | 'status' | 'eventType'>): string[] {
  const { outcome, eventType } = record;
  const status = statusClassOf(record.status);
  const narrowings = [{}, { outcome }, { status }, { outcome, status }];
  return [...narrowings, ...narrowings.map((narrowing) => ({ ...narrowing, eventType }))].map(facetText);
}

/** The text of one narrowing. The event type, which anybody may choose, comes last, so that no two narrowings share a text. */
export function facetText(narrowing: Partial<Record<keyof AttemptNarrowing, string | undefined>>): string {
  const { outcome, status, eventType } = narrowing;
  const parts = Object.entries({ outcome, status, type: eventType }).filter(([, value]) => value !== undefined);
  return parts.map(([name, value]) => `${name}=${value}`).join(' ');
}

function statusClassOf(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / HUNDRED)}xx`;
}
