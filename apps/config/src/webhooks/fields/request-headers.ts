import { z } from 'zod';

import { headerNameProblem, headerValueProblem, MAX_HEADERS } from '../headers/header-rules.ts';

/** The rules for a webhook's own request headers: names and values, where null removes one. Null clears all. */
export const requestHeaders = z
  .record(z.string(), z.string({ error: 'must be text, or null to remove it' }).nullable(), {
    error: 'must be an object of names and values, for example {"x-tenant":"blue"}, or null',
  })
  .superRefine((headers, context) => {
    const seen = new Set<string>();
    const names = Object.keys(headers);
    if (names.length > MAX_HEADERS) context.addIssue(`must have at most ${MAX_HEADERS} headers`);
    for (const name of names.slice(0, MAX_HEADERS)) {
      const value = headers[name] ?? null;
      const twice = seen.has(name.toLowerCase())
        ? 'is given twice; names are the same in upper and lower case'
        : undefined;
      const problem = headerNameProblem(name) ?? twice ?? (value === null ? undefined : headerValueProblem(value));
      if (problem !== undefined) context.addIssue({ code: 'custom', path: [name], message: problem });
      seen.add(name.toLowerCase());
    }
  })
  .nullable()
  .meta({
    maxProperties: MAX_HEADERS,
    description:
      'Headers of your own for each request. Those that are named change, null as a value removes one, null in place of all clears them. Headers of the connection and those that deliveries set cannot be given.',
    examples: [{ 'x-tenant': 'blue' }],
  });
