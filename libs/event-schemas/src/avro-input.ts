/** The bytes do not hold a value of the schema. Thrown and caught within the codec, for every record: it carries no stack. */
export class UndecodableError extends Error {
  static {
    this.prototype.name = 'UndecodableError';
  }
}

const MAX_DEPTH = 256;
const MAX_ZERO_WIDTH_ITEMS = 4096;
/** Seven bits a byte: up to here the sum stays below 2^53. */
const EXACT_SHIFT = 49;
const MAX_LONG_SHIFT = 63n;

/** A cursor over Avro's binary encoding (Avro 1.12, "Binary Encoding"). Every read checks the end. */
export class AvroInput {
  readonly bytes: Buffer;
  position: number;
  private depth = 0;

  constructor(bytes: Buffer, position: number) {
    this.bytes = bytes;
    this.position = position;
  }

  byte(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) throw this.endsEarly();
    this.position++;
    return byte;
  }

  boolean(): boolean {
    const byte = this.byte();
    if (byte > 1) throw new UndecodableError(`byte ${byte} at ${this.position - 1} is not a boolean`);
    return byte === 1;
  }

  /** An int or long; a bigint when it is beyond 2^53. */
  integer(): number | bigint {
    const start = this.position;
    let byte = this.byte();
    let coded = byte & 0x7f;
    let shift = 7;
    while (byte > 0x7f) {
      if (shift === 28) return this.wideInteger(start);
      byte = this.byte();
      coded |= (byte & 0x7f) << shift;
      shift += 7;
    }
    return (coded >>> 1) ^ -(coded & 1);
  }

  /** A length, count or index: an integer that must be small enough to be a number. */
  size(): number {
    const value = this.integer();
    if (typeof value === 'bigint') throw new UndecodableError(`${value} at ${this.position} is not a possible size`);
    return value;
  }

  /** Moves over `length` bytes and returns where they begin. */
  take(length: number): number {
    const start = this.position;
    if (length < 0) throw new UndecodableError(`length ${length} at ${start} is negative`);
    if (length > this.bytes.length - start) throw this.endsEarly();
    this.position = start + length;
    return start;
  }

  /** The number of items in the next block of an array or map; 0 ends it. */
  blockCount(): number {
    let count = this.size();
    if (count < 0) {
      this.size();
      count = -count;
    }
    if (count > MAX_ZERO_WIDTH_ITEMS && count > this.bytes.length - this.position) throw this.endsEarly();
    return count;
  }

  enter(): void {
    if (++this.depth > MAX_DEPTH) throw new UndecodableError(`records are nested deeper than ${MAX_DEPTH}`);
  }

  leave(): void {
    this.depth--;
  }

  private wideInteger(start: number): number | bigint {
    this.position = start;
    let coded = 0;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      coded += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte <= 0x7f) return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
      if (shift === EXACT_SHIFT) return this.longInteger(start);
    }
  }

  private longInteger(start: number): number | bigint {
    this.position = start;
    let coded = 0n;
    let shift = 0n;
    let byte: number;
    do {
      if (shift > MAX_LONG_SHIFT) throw new UndecodableError(`the integer at ${start} is longer than 64 bits`);
      byte = this.byte();
      coded |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte > 0x7f);
    const value = BigInt.asIntN(64, (coded >> 1n) ^ -(coded & 1n));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  private endsEarly(): UndecodableError {
    return new UndecodableError(`the record ends early, after ${this.bytes.length} bytes`);
  }
}
