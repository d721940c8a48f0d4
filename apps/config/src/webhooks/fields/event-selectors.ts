import type { Catalogue } from '#libs/event-schemas';
import { z } from 'zod';

const MAX_EVENT_TYPES = 200;
/** Longer than any event type, so nothing can be near it. */
const MAX_SELECTOR_LENGTH = 100;

/** The rules for a list of event types, of families of them, or of everything. */
export function eventSelectors(catalogue: Catalogue) {
  const selector = z.string({ error: 'must be text' }).superRefine((text, context) => {
    const problem = selectorProblem(text, catalogue);
    if (problem !== undefined) context.addIssue(problem);
  });
  return z
    .array(z.unknown(), { error: 'is required: a non-empty array of event types, for example ["call_hangup"]' })
    .min(1, { error: 'must not be empty; use "*" for all events' })
    .max(MAX_EVENT_TYPES, { error: `must have at most ${MAX_EVENT_TYPES} entries; use "*" or "<name>_*" for many` })
    .pipe(
      z.array(selector).superRefine((texts, context) => {
        texts.forEach((text, index) => {
          if (texts.indexOf(text) === index) return;
          context.addIssue({ code: 'custom', path: [index], message: `"${text}" is listed twice` });
        });
      }),
    )
    .meta({
      items: { type: 'string', maxLength: MAX_SELECTOR_LENGTH },
      uniqueItems: true,
      description:
        'Event types by name, families as `<name>_*` (the name of a resource type, or of a row of the public table of events), or `*` for everything. `GET /event-types` lists them.',
      examples: [['call_hangup', 'message_*']],
    });
}

function selectorProblem(selector: string, catalogue: Catalogue): string | undefined {
  if (selector.length > MAX_SELECTOR_LENGTH) return 'is longer than any event type; GET /event-types lists them';
  if (catalogue.knowsSelector(selector)) return undefined;
  const nearest = catalogue.suggestions(selector);
  const hint = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : 'GET /event-types lists them';
  return `"${selector}" is not a known event type; ${hint}`;
}
