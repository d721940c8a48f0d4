import { ACCESS_SCOPES } from '#libs/store';
import { z } from 'zod';

import { time } from '../http/time-span.ts';
import { name } from './name.ts';

const scope = z.enum(ACCESS_SCOPES, { error: 'must be read or write' });

/** The rules for the body of `POST /customers/{id}/accesskeys`. @param now milliseconds since the epoch. */
export function newAccessKeySchema(now: () => number) {
  return z
    .strictObject({
      name,
      scopes: z
        .array(scope, { error: 'must be an array of: read, write' })
        .min(1, { error: 'must not be empty; leave it out for a key that may read and write' })
        .transform((given) => ACCESS_SCOPES.filter((each) => given.includes(each)))
        .default([...ACCESS_SCOPES])
        .meta({ description: 'What the key may do; neither includes the other.', examples: [['read', 'write']] }),
      tm_expire: time
        .refine((at) => at > now(), { error: 'must be in the future; leave it out for a key that lasts' })
        .optional()
        .meta({ description: 'From when on it opens nothing. Default: it lasts.' }),
    })
    .meta({ examples: [{ name: 'Deploy pipeline', scopes: ['read', 'write'] }] });
}
