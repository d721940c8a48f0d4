import type { SigningKey } from './signing-key.ts';

/**
 * The `webhook-signature` header of the Standard Webhooks specification: one `v1,<base64 HMAC-SHA256>` per key over
 * `id.timestamp.body`, separated by spaces.
 *
 * @param timestamp seconds since the epoch, as in the `webhook-timestamp` header.
 */
export function standardSignature(keys: readonly SigningKey[], id: string, timestamp: string, body: Buffer): string {
  const prefix = `${id}.${timestamp}.`;
  const [first] = keys;
  if (first && keys.length === 1) return `v1,${first.sign(prefix, body, 'base64')}`;
  return keys.map((key) => `v1,${key.sign(prefix, body, 'base64')}`).join(' ');
}

/** The `X-VoIPBIN-Signature` header: `sha256=<hex HMAC-SHA256>` over the body alone. */
export function voipbinSignature(key: SigningKey, body: Buffer): string {
  return `sha256=${key.sign('', body, 'hex')}`;
}
