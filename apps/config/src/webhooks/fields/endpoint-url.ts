import { z } from 'zod';

const MAX_URL_LENGTH = 2_048;

/** The rules for the URL that events are sent to. */
export function endpointUrl(allowHttp: boolean) {
  return z
    .string({ error: 'is required: the https URL that events are sent to' })
    .superRefine((url, context) => {
      const problem = urlProblem(url, allowHttp);
      if (problem !== undefined) context.addIssue(problem);
    })
    .meta({
      format: 'uri',
      pattern: `^${allowHttp ? 'https?' : 'https'}://[^\\\\/#\\\\s]`,
      maxLength: MAX_URL_LENGTH,
      description:
        'Where events are sent to. Its host leads to a public address, its port is 443 or one from 1024 on; no user name, no fragment.',
      examples: ['https://example.com/webhooks'],
    });
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
