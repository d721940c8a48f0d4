import { createHmac, type KeyObject } from 'node:crypto';

/**
 * The `webhook-signature` header of the Standard Webhooks specification: one `v1,<base64 HMAC-SHA256>` per key over
 * `id.timestamp.body`, separated by spaces.
 *
 * @param timestamp seconds since the epoch, as in the `webhook-timestamp` header.
 */
export function standardSignature(keys: readonly KeyObject[], id: string, timestamp: string, body: Buffer): string {
  const prefix = `${id}.${timestamp}.`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(prefix).update(body).digest('base64')}`).join(' ');
}

/** The `X-VoIPBIN-Signature` header: `sha256=<hex HMAC-SHA256>` over the body alone. */
export function voipbinSignature(key: KeyObject, body: Buffer): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}
