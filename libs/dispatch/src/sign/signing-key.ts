import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
const INITIAL_BYTES = 64 * 1024;
const LARGEST_KEPT_BYTES = 1024 * 1024;

/** One signature is made at a time, and never across an await. */
let message = Buffer.allocUnsafeSlow(INITIAL_BYTES);

/**
 * A key for HMAC-SHA256 (RFC 2104). The runtime's own makes objects for each signature that the garbage collector has to finalise;
 * two plain hashes over the padded key make none.
 */
export class SigningKey {
  private readonly inner: Buffer;
  /** With room for a digest behind it. */
  private readonly outer: Buffer;

  constructor(secret: Buffer) {
    const key = secret.length > BLOCK_BYTES ? hash('sha256', secret, 'buffer') : secret;
    this.inner = padded(key, INNER_PAD);
    this.outer = Buffer.concat([padded(key, OUTER_PAD)], BLOCK_BYTES + DIGEST_BYTES);
  }

  /** The HMAC of `prefix`, in UTF-8, followed by `body`. */
  sign(prefix: string, body: Buffer, encoding: 'base64' | 'hex'): string {
    const most = BLOCK_BYTES + prefix.length * 3 + body.length;
    const buffer = most <= message.length ? message : roomFor(most);
    this.inner.copy(buffer, 0);
    const start = BLOCK_BYTES + buffer.write(prefix, BLOCK_BYTES);
    const end = start + body.copy(buffer, start);
    this.outer.write(hash('sha256', buffer.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', this.outer, encoding);
  }
}

function padded(key: Buffer, pad: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES, pad);
  for (const [at, byte] of key.entries()) block[at] = byte ^ pad;
  return block;
}

/** Memory for a long message is kept for the next one, unless it is so long that it is seldom needed. */
function roomFor(bytes: number): Buffer {
  const room = Buffer.allocUnsafeSlow(bytes);
  if (bytes <= LARGEST_KEPT_BYTES) message = room;
  return room;
}
