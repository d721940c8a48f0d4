import type { Catalogue } from '#libs/event-schemas';
import { z } from 'zod';

const MAX_URL_LENGTH = 2_048;
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
    event_types: z
      .array(z.string({ error: 'must hold text only' }), {
        error: 'is required: a non-empty array of event types, for example ["call_hangup"]',
      })
      .superRefine((selectors, context) => {
        const problem = selectorsProblem(selectors, catalogue);
        if (problem !== undefined) context.addIssue(problem);
      }),
    signatures: z
      .array(z.enum(SIGNATURES), { error: 'must be an array of: standard, voipbin' })
      .refine((schemes) => schemes.includes('standard'), { error: 'must hold "standard"; "voipbin" may be added' })
      .transform((schemes) => [...new Set(schemes)])
      .default(['standard']),
    customer_id: z.uuid({ error: 'must be a UUID' }).toLowerCase().optional(),
  });
}

/** What is wrong with an endpoint's URL; undefined when nothing is. */
export function urlProblem(url: string, allowHttp: boolean): string | undefined {
  const scheme = allowHttp ? 'https (or http)' : 'https';
  if (url.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`;
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\\]/i.test(url))
    return `must be an absolute ${scheme} URL, for example https://example.com/webhooks`;
  const parsed = URL.parse(url);
  if (!parsed || /\s/.test(url)) return `must be a valid ${scheme} URL`;
  if (parsed.protocol !== 'https:' && !(allowHttp && parsed.protocol === 'http:')) {
    return `must begin with https://${allowHttp ? ' or http://' : ''}, not ${parsed.protocol}//`;
  }
  if (parsed.username !== '' || parsed.password !== '') return 'must not contain a user name or password';
  if (url.includes('#')) return 'must not contain a fragment (#...)';
  return undefined;
}

/** What is wrong with a webhook's event types; undefined when nothing is. */
export function selectorsProblem(selectors: readonly string[], catalogue: Catalogue): string | undefined {
  if (selectors.length === 0) return 'must not be empty; use "*" for all events';
  const unknown = selectors.find((selector) => !catalogue.knowsSelector(selector));
  if (unknown !== undefined) {
    const nearest = catalogue.suggestions(unknown);
    const hint = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : 'GET /event-types lists them';
    return `"${unknown}" is not a known event type; ${hint}`;
  }
  const twice = selectors.find((selector, index) => selectors.indexOf(selector) !== index);
  return twice === undefined ? undefined : `"${twice}" is listed twice`;
}
