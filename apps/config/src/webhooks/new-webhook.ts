import type { Catalogue } from '#libs/event-schemas';
import { z } from 'zod';

import { customerId } from '../customers/customer-id.ts';

const MAX_URL_LENGTH = 2_048;
const MAX_EVENT_TYPES = 200;
/** Longer than any event type, so nothing can be near it. */
const MAX_SELECTOR_LENGTH = 100;
const SIGNATURES = ['standard', 'voipbin'] as const;

/** The body of `POST /webhooks`. */
export type NewWebhook = z.output<ReturnType<typeof newWebhookSchema>>;

/** The rules for the body of `POST /webhooks`. */
export function newWebhookSchema(catalogue: Catalogue, allowHttp: boolean) {
  return z.strictObject({
    url: z.string({ error: 'is required: the https URL that events are sent to' }).superRefine((url, context) => {
      const problem = urlProblem(url, allowHttp);
      if (problem !== undefined) context.addIssue(problem);
    }),
    event_types: selectors(catalogue),
    signatures: z
      .array(z.enum(SIGNATURES, { error: 'must be standard or voipbin' }), {
        error: 'must be an array of: standard, voipbin',
      })
      .min(1, { error: 'must not be empty; leave it out for the standard signature' })
      // The Standard Webhooks headers are always sent; a webhook only chooses what it gets besides.
      .transform((schemes) => SIGNATURES.filter((scheme) => scheme === 'standard' || schemes.includes(scheme)))
      .default(['standard']),
    customer_id: customerId.optional(),
  });
}

/** The rules for a list of event types, of families of them, or of everything. */
export function selectors(catalogue: Catalogue) {
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
    );
}

/** What is wrong with an endpoint's URL; undefined when nothing is. */
export function urlProblem(url: string, allowHttp: boolean): string | undefined {
  const scheme = allowHttp ? 'https (or http)' : 'https';
  if (url.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`;
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\\]/i.test(url)) {
    return `must be an absolute ${scheme} URL, for example https://example.com/webhooks`;
  }
  const parsed = URL.parse(url);
  if (!parsed || /[\s\\\p{Cc}]/u.test(url)) return `must be a valid ${scheme} URL`;
  if (parsed.protocol !== 'https:' && !(allowHttp && parsed.protocol === 'http:')) {
    return `must begin with https://${allowHttp ? ' or http://' : ''}, not ${parsed.protocol}//`;
  }
  if (parsed.username !== '' || parsed.password !== '') return 'must not contain a user name or password';
  if (url.includes('#')) return 'must not contain a fragment (#...)';
  return undefined;
}

function selectorProblem(selector: string, catalogue: Catalogue): string | undefined {
  if (selector.length > MAX_SELECTOR_LENGTH) return 'is longer than any event type; GET /event-types lists them';
  if (catalogue.knowsSelector(selector)) return undefined;
  const nearest = catalogue.suggestions(selector);
  const hint = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : 'GET /event-types lists them';
  return `"${selector}" is not a known event type; ${hint}`;
}
