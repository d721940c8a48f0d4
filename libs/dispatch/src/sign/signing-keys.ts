import { type Clock, isLive, type Webhook } from '#libs/domain';
import type { SecretBox } from '#libs/runtime';
import { LRUCache } from 'lru-cache';

import { SigningKey } from './signing-key.ts';

const MAX_KEYS = 100_000;

/** The keys of a webhook's secrets, as long as none of them expires. */
interface LiveKeys {
  readonly keys: readonly SigningKey[];
  /** In milliseconds since the epoch. */
  readonly until: number;
}

/** Decrypted signing keys, kept ready for use. */
export class SigningKeys {
  private readonly secretBox: SecretBox;
  private readonly clock: Clock;
  private readonly live = new WeakMap<Webhook, LiveKeys>();
  private readonly keys = new LRUCache<string, SigningKey>({ max: MAX_KEYS });

  constructor(secretBox: SecretBox, clock: Clock) {
    this.secretBox = secretBox;
    this.clock = clock;
  }

  /** The keys of a webhook's live secrets, in their order; those that cannot be decrypted are left out. */
  of(webhook: Webhook): readonly SigningKey[] {
    const known = this.live.get(webhook);
    if (known?.until === Infinity) return known.keys;
    const now = this.clock.now();
    if (known && now < known.until) return known.keys;
    const secrets = webhook.secrets.filter((secret) => isLive(secret, now));
    const keys = secrets
      .map(({ sealed }) => this.keys.get(sealed) ?? this.open(sealed))
      .filter((key) => key !== undefined);
    const until = Math.min(...secrets.map(({ expiresAt = Infinity }) => expiresAt));
    this.live.set(webhook, { keys, until });
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
