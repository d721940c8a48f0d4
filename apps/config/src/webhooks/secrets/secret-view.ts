import { isLive } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import type { StoredWebhook } from '#libs/store';

import { conflict } from '../../http/api-error.ts';
import { showTime } from '../../http/time-span.ts';
import { signingSecretOf } from './signing-secret.ts';

/**
 * The secret of a webhook as the admin REST shows it, with the times until which those before it are used.
 *
 * @throws ApiError 409 when none of our keys opens it
 */
export function secretView(webhook: StoredWebhook, given: { box: SecretBox; now: number }): object {
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
