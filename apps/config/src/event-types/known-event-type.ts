import type { Catalogue } from '#libs/event-schemas';

/** Longer than any event type, so nothing can be near it. */
const MAX_GUESSED_LENGTH = 100;

/** What is wrong with the name of an event type; undefined when the catalogue has it. */
export function eventTypeProblem(type: string, catalogue: Catalogue): string | undefined {
  if (catalogue.eventType(type)) return undefined;
  if (type.length > MAX_GUESSED_LENGTH) return 'is longer than any event type; GET /event-types lists them';
  const nearest = catalogue.suggestions(type).filter((name) => !name.endsWith('*'));
  const hint = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : 'GET /event-types lists them';
  return `"${type}" is not a known event type; ${hint}`;
}
