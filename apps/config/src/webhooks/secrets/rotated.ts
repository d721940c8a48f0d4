import { isLive, type SealedSecret } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import type { Refusal } from '#libs/store';

import type { SigningSecret } from './signing-secret.ts';

/** How long a secret is used after another has taken its place, in milliseconds. */
export const OVERLAP_MS = 24 * 3_600_000;
/** How many secrets of a webhook are used at once, at most: the current one, and those that it has replaced. */
export const MAX_LIVE_SECRETS = 4;

/** One more secret is not taken in, since none that is promised to be used is given up for it. */
export interface TooManySecrets extends Refusal {
  readonly reason: 'too_many_secrets';
  /** When the first of them expires. Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * The secrets of a webhook, the newest first, after another has become the current one. One that is current already changes nothing;
 * one that was replaced before becomes current again.
 */
export function rotated(
  secrets: readonly SealedSecret[],
  next: SigningSecret,
  given: { box: SecretBox; now: number },
): readonly SealedSecret[] | TooManySecrets {
  const { box, now } = given;
  const live = secrets.filter((secret) => isLive(secret, now));
  const isNext = ({ sealed }: SealedSecret): boolean => box.open(sealed)?.equals(next.bytes) ?? false;
  const [current] = live;
  if (current && isNext(current)) return secrets;
  const others = live
    .filter((secret) => !isNext(secret))
    .map(({ sealed, expiresAt = now + OVERLAP_MS }) => ({ sealed, expiresAt }));
  if (others.length >= MAX_LIVE_SECRETS) {
    const until = Math.min(...others.map(({ expiresAt }) => expiresAt));
    return { kind: 'refused', reason: 'too_many_secrets', until };
  }
  return [{ sealed: box.seal(next.bytes) }, ...others];
}
