import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new signing secret: its bytes, and the text that receivers are given (Standard Webhooks: `whsec_` and base64). */
export function newSigningSecret(): { readonly bytes: Buffer; readonly text: string } {
  const bytes = randomBytes(SECRET_BYTES);
  return { bytes, text: `whsec_${bytes.toString('base64')}` };
}
