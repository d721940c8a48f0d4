import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { CodedError } from '#libs/domain';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

/** Which of the keys opens a sealed secret: the one that seals now, one that did before, or none of them. */
export type SealingKey = 'first' | 'older' | 'none';

/** Encrypts signing secrets at rest with AES-256-GCM. The first key seals, every key opens, so that keys can be rotated. */
export class SecretBox {
  private readonly keys: readonly Buffer[];

  /** @param keys 32 bytes each, at least one. */
  constructor(keys: readonly Buffer[]) {
    this.keys = keys;
  }

  /** Whether there are keys that only open. */
  hasOlderKeys(): boolean {
    return this.keys.length > 1;
  }

  /** Encrypts a secret; the result is text that {@link open} reads. */
  seal(secret: Buffer): string {
    const [key] = this.keys;
    if (!key) throw new CodedError('NO_SECRETS_KEY', 'no key to encrypt secrets with');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
    return VERSION + sealed.toString('base64');
  }

  /** Decrypts what {@link seal} made; undefined when none of the keys fits or the text was altered. */
  open(sealed: string): Buffer | undefined {
    return this.opened(sealed)?.secret;
  }

  /** Which key a secret is sealed with. The text does not name it: the key whose authentication tag fits is the one. */
  sealingKey(sealed: string): SealingKey {
    const opened = this.opened(sealed);
    if (!opened) return 'none';
    return opened.index === 0 ? 'first' : 'older';
  }

  private opened(sealed: string): { readonly secret: Buffer; readonly index: number } | undefined {
    if (!sealed.startsWith(VERSION)) return undefined;
    const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    for (const [index, key] of this.keys.entries()) {
      const secret = openWith(key, bytes);
      if (secret) return { secret, index };
    }
    return undefined;
  }
}

function openWith(key: Buffer, bytes: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
