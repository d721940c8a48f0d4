import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

const PREFIX = 'ak';
const SECRET_BYTES = 32;
const TOKEN = /^ak_([0-9a-f-]{36})_([\w-]{43})$/;

/** The hash of no secret. */
export const NOBODYS_HASH = '0'.repeat(64);

/** A customer's access key as it is handed out once. */
export interface IssuedToken {
  readonly id: string;
  readonly token: string;
  readonly secretHash: string;
}

/** Makes a new access key: `ak_<id>_<32 random bytes>`. */
export function issueToken(): IssuedToken {
  const id = randomUUID();
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { id, token: `${tokenPrefix(id)}_${secret}`, secretHash: hashOf(secret) };
}

/** How the token of an access key begins: the part that is no secret. */
export function tokenPrefix(id: string): string {
  return `${PREFIX}_${id}`;
}

/** The parts of an access key; undefined when the text is none. */
export function readToken(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Whether a secret is the one that was hashed, compared in constant time. */
export function matchesHash(secret: string, secretHash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(secretHash, 'hex'));
}

/** Whether two texts are the same, compared in constant time whatever their lengths. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(a), 'hex'), Buffer.from(hashOf(b), 'hex'));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
