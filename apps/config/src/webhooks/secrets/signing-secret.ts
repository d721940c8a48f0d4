import { randomBytes } from 'node:crypto';

import { z } from 'zod';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/** Nobody's; for the description. */
export const EXAMPLE_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

/** A signing secret: its bytes, and the text that receivers are given (Standard Webhooks: `whsec_` and base64). */
export interface SigningSecret {
  readonly bytes: Buffer;
  readonly text: string;
}

export function newSigningSecret(): SigningSecret {
  return signingSecretOf(randomBytes(SECRET_BYTES));
}

export function signingSecretOf(bytes: Buffer): SigningSecret {
  return { bytes, text: PREFIX + bytes.toString('base64') };
}

/** The rules for a secret of the customer's own. What is wrong with one is said without repeating any of it. */
export const ownSigningSecret = z
  .string({ error: 'must be text: whsec_ and base64' })
  .transform((text, context) => {
    const problem = problemOf(text);
    if (problem === undefined) return signingSecretOf(bytesOf(text));
    context.addIssue(problem);
    return z.NEVER;
  })
  .meta({
    pattern: `^${PREFIX}[A-Za-z0-9+/]{32,86}={0,2}$`,
    description: `A signing secret of your own: \`${PREFIX}\` and the base64 of ${MIN_BYTES} to ${MAX_BYTES} random bytes. Left out: ${SECRET_BYTES} random bytes of ours.`,
    examples: [EXAMPLE_SECRET],
  });

function problemOf(text: string): string | undefined {
  if (!text.startsWith(PREFIX)) return `must begin with ${PREFIX}`;
  const bytes = bytesOf(text);
  // One text for one secret: the padding, the alphabet and the bits left over have to be those of RFC 4648, section 4.
  if (signingSecretOf(bytes).text !== text) {
    return `must have after ${PREFIX} nothing but base64: letters, digits, + and /, and = as its padding`;
  }
  if (bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES) return undefined;
  return `must be the base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes, not of ${bytes.length}`;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(PREFIX.length), 'base64');
}
