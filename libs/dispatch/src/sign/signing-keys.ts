import { type Clock, isLive, type Webhook } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import { LRUCache } from 'lru-cache';

import { SigningKey } from './signing-key.ts';

const MAX_KEYS = 100_000;

/** Decrypted signing keys, kept ready for use. */
export class SigningKeys {
  private readonly secretBox: SecretBox;
  private readonly clock: Clock;
  private readonly keys = new LRUCache<string, SigningKey>({ max: MAX_KEYS });

  constructor(secretBox: SecretBox, clock: Clock) {
    this.secretBox = secretBox;
    this.clock = clock;
  }

  /** The keys of a webhook's live secrets, in their order; those that cannot be decrypted are left out. */
  of(webhook: Webhook): readonly SigningKey[] {
    const now = this.clock.now();
    const keys: SigningKey[] = [];
    for (const secret of webhook.secrets) {
      if (!isLive(secret, now)) continue;
      const key = this.keys.get(secret.sealed) ?? this.open(secret.sealed);
      if (key) keys.push(key);
    }
    return keys;
  }

  private open(sealed: string): SigningKey | undefined {
    const secret = this.secretBox.open(sealed);
    if (!secret) return undefined;
    const key = new SigningKey(secret);
    this.keys.set(sealed, key);
    return key;
  }
}
