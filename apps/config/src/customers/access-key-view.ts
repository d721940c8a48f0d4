import { ACCESS_SCOPES, type AccessKey } from '#libs/store';
import { z } from 'zod';

import { EXAMPLE_CUSTOMER } from '../openapi/example-ids.ts';
import { tokenPrefix } from '../access/access-token.ts';
import { type Shown, shownId, shownTime, shownTimeOrNull } from '../http/shown.ts';
import { showTime } from '../http/time-span.ts';

/** Nobody's; for the description. */
export const EXAMPLE_KEY_ID = '2f0b6c1e-9d4a-4e7b-8c35-1a6f0d9e2b47';

/** An access key, without its secret. */
export const shownAccessKey = z
  .object({
    id: shownId("The key's id.", EXAMPLE_KEY_ID),
    customer_id: shownId('Whose it is.', EXAMPLE_CUSTOMER),
    name: z.string().meta({ description: 'What people call it.', examples: ['Deploy pipeline'] }),
    prefix: z.string().meta({ description: 'How the token begins.', examples: [`ak_${EXAMPLE_KEY_ID}`] }),
    scopes: z.array(z.enum(ACCESS_SCOPES)).meta({ description: 'What it may do.', examples: [['read', 'write']] }),
    tm_create: shownTime('When it was created.'),
    tm_last_used: shownTimeOrNull('When it was last used, to the minute or so.', null),
    tm_expire: shownTimeOrNull('From when on it opens nothing; null: it lasts.', null),
  })
  .meta({ id: 'AccessKey' });

/** The answer to its creation. */
export const shownNewAccessKey = shownAccessKey
  .extend({
    token: z.string().meta({
      description: 'What requests carry: `Authorization: Bearer <token>`. Shown in this answer only.',
      examples: [`ak_${EXAMPLE_KEY_ID}_3q2vT8mZcXwQ5rY7uK1nL9pB4dF6hJ0sA2gE8iO3kM5`],
    }),
  })
  .meta({ id: 'NewAccessKey' });

/** An access key as the admin REST shows it: everything but its secret. */
export function accessKeyView(key: AccessKey): Shown<typeof shownAccessKey> {
  return {
    id: key.id,
    customer_id: key.customerId,
    name: key.name,
    prefix: tokenPrefix(key.id),
    scopes: key.scopes,
    tm_create: showTime(key.createdAt),
    tm_last_used: showTime(key.lastUsedAt),
    tm_expire: showTime(key.expiresAt),
  };
}
