import { isLive } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import type { StoredWebhook } from '#libs/store';

import { z } from 'zod';

import { conflict } from '../../http/api-error.ts';
import { type Shown, shownTimeOrNull } from '../../http/shown.ts';
import { showTime } from '../../http/time-span.ts';
import { EXAMPLE_SECRET, signingSecretOf } from './signing-secret.ts';

/** The secrets by which a webhook's requests are signed. */
export const shownSecret = z
  .object({
    secret: z.string().meta({ description: 'The signing secret: `whsec_` and base64.', examples: [EXAMPLE_SECRET] }),
    previous_secrets: z
      .array(z.object({ tm_expire: shownTimeOrNull('Until when requests are signed by it, too.') }))
      .meta({ description: 'Those before it that are still in use.' }),
  })
  .meta({ id: 'Secret' });

/**
 * The secret of a webhook as the admin REST shows it, with the times until which those before it are used.
 *
 * @throws ApiError 409 when none of our keys opens it
 */
export function secretView(webhook: StoredWebhook, given: { box: SecretBox; now: number }): Shown<typeof shownSecret> {
  const [current, ...previous] = webhook.secrets.filter((secret) => isLive(secret, given.now));
  const bytes = current && given.box.open(current.sealed);
  if (!bytes) {
    throw conflict(
      'SECRET_UNREADABLE',
      'The secret of the webhook can no longer be read, and nothing is sent that it would sign; rotate it.',
    );
  }
  return {
    secret: signingSecretOf(bytes).text,
    previous_secrets: previous.map(({ expiresAt }) => ({ tm_expire: showTime(expiresAt) })),
  };
}
