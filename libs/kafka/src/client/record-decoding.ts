/** Where the client reads a record's bytes. */
export interface RecordBytes {
  readonly buffer: Buffer;
  offset: number;
}

/** What the client knows of the batch that a record is in. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp?: string;
  /** 1 where the broker's time counts (`LogAppendTime`). */
  readonly timestampType?: number;
  readonly magicByte?: number;
  readonly isControlBatch?: boolean;
}

/** A record in the shape in which the client hands it on. */
export interface DecodedRecord {
  readonly magicByte: number | undefined;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | null>>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

/** What all records of a batch are counted from. */
export interface Base {
  readonly offset: number;
  readonly timestamp: number;
}

const SEVEN_BITS = 0x7f;
const CONTINUES = 0x80;
/** Of a number in so many bytes, all bits fit into what bitwise operations take. */
const MOST_BYTES = 4;
/** The type of time stamps that the broker sets. */
export const LOG_APPEND_TIME = 1;
/**
 * One record of a record batch, version 2 (Kafka protocol, "Record"). kafkajs 2.2.4 reads a number of one byte with a dozen objects and
 * big integers, and copies the headers for each of them.
 *
 * @returns undefined where the client's own decoder has to do it: numbers that are large, a header given twice or named like something
 *   that every object has.
 */
export function decodeRecord({ buffer, offset }: RecordBytes, context: BatchContext): DecodedRecord | undefined {
  return recordAt(new RecordReader(buffer, offset), context, baseOf(context));
}

/** The record at which a reader stands, behind its length; undefined as of {@link decodeRecord}. */
export function recordAt(reader: RecordReader, context: BatchContext, base: Base): DecodedRecord | undefined {
  const attributes = reader.int8();
  const timestampDelta = reader.number();
  const offsetDelta = reader.number();
  const key = reader.bytes();
  const value = reader.bytes();
  const headers = reader.headers();
  if (!headers || reader.isLarge) return undefined;
  if (!areSafe(base.offset, offsetDelta) || !areSafe(base.timestamp, timestampDelta)) return undefined;
  const { magicByte, isControlBatch = false, timestampType, maxTimestamp } = context;
  const byBroker = timestampType === LOG_APPEND_TIME ? maxTimestamp : undefined;
  return {
    magicByte,
    attributes,
    timestamp: byBroker ?? String(base.timestamp + timestampDelta),
    offset: String(base.offset + offsetDelta),
    key,
    value,
    headers,
    isControlRecord: isControlBatch,
    batchContext: context,
  };
}

export function baseOf({ firstOffset, firstTimestamp }: BatchContext): Base {
  return { offset: Number(firstOffset), timestamp: Number(firstTimestamp) };
}

/** Whether a number, and its sum with a delta, are exact. */
function areSafe(base: number, delta: number): boolean {
  return Number.isSafeInteger(base) && Number.isSafeInteger(base + delta);
}

/** Reads the parts of records, one after the other. */
export class RecordReader {
  /** Whether a number was met that does not fit. */
  isLarge = false;
  at: number;
  private readonly buffer: Buffer;

  constructor(buffer: Buffer, at: number) {
    this.buffer = buffer;
    this.at = at;
  }

  int8(): number {
    const value = this.buffer.readInt8(this.at);
    this.at += 1;
    return value;
  }

  /** A zigzag number: 0, 1, 2, 3 stand for 0, -1, 1, -2. */
  number(): number {
    let read = 0;
    for (let bytes = 0; bytes < MOST_BYTES; bytes += 1) {
      const byte = this.buffer[this.at] ?? 0;
      this.at += 1;
      read |= (byte & SEVEN_BITS) << (7 * bytes);
      if (byte < CONTINUES) return (read >>> 1) ^ -(read & 1);
    }
    this.isLarge = true;
    return 0;
  }

  bytes(): Buffer | null {
    const length = this.number();
    if (length === -1) return null;
    const start = this.at;
    this.at += length;
    return this.buffer.subarray(start, this.at);
  }

  /** Undefined where a name occurs twice, or is one that every object has something by, or their number makes no sense. */
  headers(): Record<string, Buffer | null> | undefined {
    const headers: Record<string, Buffer | null> = {};
    const count = this.number();
    if (count < -1) return undefined;
    for (let left = count; left > 0 && !this.isLarge; left -= 1) {
      const name = String(this.bytes());
      if (name in headers) return undefined;
      headers[name] = this.bytes();
    }
    return headers;
  }
}
