/** A record's key and value as they lie in a pack. */
export interface PackedRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

const INITIAL_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;

/** Records one after the other in one piece of memory, so that a thousand of them reach another thread as cheaply as one. */
export class PackedRecords {
  private bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  private length = 0;

  /** How many bytes are packed. */
  get size(): number {
    return this.length;
  }

  add(key: string, value: Buffer): void {
    const keyBytes = Buffer.byteLength(key);
    this.reserve(2 * LENGTH_BYTES + keyBytes + value.length);
    let at = this.bytes.writeUInt32LE(keyBytes, this.length);
    at += this.bytes.write(key, at);
    at = this.bytes.writeUInt32LE(value.length, at);
    this.length = at + value.copy(this.bytes, at);
  }

  /** What has been packed, in memory of its own; empty afterwards. */
  take(): ArrayBuffer {
    const taken = new ArrayBuffer(this.length);
    this.bytes.copy(new Uint8Array(taken), 0, 0, this.length);
    this.length = 0;
    if (this.bytes.length > 16 * INITIAL_BYTES) this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    return taken;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

/** The records of a pack; keys and values share its memory. */
export function unpack(pack: ArrayBuffer): readonly PackedRecord[] {
  const bytes = Buffer.from(pack);
  const records: PackedRecord[] = [];
  let at = 0;
  const next = (): Buffer => {
    const length = bytes.readUInt32LE(at);
    const start = at + LENGTH_BYTES;
    at = start + length;
    return bytes.subarray(start, at);
  };
  while (at < bytes.length) records.push({ key: next(), value: next() });
  return records;
}
