import { EncodedHeaders, mostHeaderBytes, writeHeaders } from '../client/record-encoding.ts';
import { writeText } from '../client/text-writing.ts';
import type { OutgoingRecord } from '../record.ts';

const INITIAL_BYTES = 64 * 1024;
const NUMBER_BYTES = 4;
const NONE = -1;
/** Of a string in UTF-8, by its length. */
const MOST_BYTES_PER_UNIT = 3;

type Text = Buffer | string | null;

/** Records one after the other in one piece of memory, so that a thousand of them reach another thread as cheaply as one. */
export class PackedRecords {
  private bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  private length = 0;

  /** How many bytes are packed. */
  get size(): number {
    return this.length;
  }

  add({ topic, partition, key, value, headers }: OutgoingRecord): void {
    this.text(topic);
    this.number(partition ?? NONE);
    this.text(key);
    this.text(value);
    this.reserve(NUMBER_BYTES + mostHeaderBytes(headers));
    const start = this.length + NUMBER_BYTES;
    const end = writeHeaders(this.bytes, start, headers);
    this.bytes.writeInt32LE(end - start, this.length);
    this.length = end;
  }

  /** What has been packed, in memory of its own; empty afterwards. */
  take(): ArrayBuffer {
    const taken = new ArrayBuffer(this.length);
    this.bytes.copy(new Uint8Array(taken), 0, 0, this.length);
    this.length = 0;
    if (this.bytes.length > 16 * INITIAL_BYTES) this.bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    return taken;
  }

  private number(value: number): void {
    this.reserve(NUMBER_BYTES);
    this.length = this.bytes.writeInt32LE(value, this.length);
  }

  private text(text: Text): void {
    if (text === null) return this.number(NONE);
    const isString = typeof text === 'string';
    this.reserve(NUMBER_BYTES + text.length * (isString ? MOST_BYTES_PER_UNIT : 1));
    const start = this.length + NUMBER_BYTES;
    const written = isString ? writeText(this.bytes, start, text) : text.copy(this.bytes, start);
    this.bytes.writeInt32LE(written, this.length);
    this.length = start + written;
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

/** The records of a pack; keys, values and headers share its memory. The headers stay as they are written into a record. */
export function unpack(pack: ArrayBuffer): readonly OutgoingRecord[] {
  const input = new Unpacking(Buffer.from(pack));
  const records: OutgoingRecord[] = [];
  while (!input.atEnd) records.push(input.record());
  return records;
}

class Unpacking {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  record(): OutgoingRecord {
    const topic = this.string();
    const partition = this.number();
    const key = this.buffer();
    const value = this.buffer();
    const headers = new EncodedHeaders(this.take(this.number()));
    return { topic, ...(partition === NONE ? {} : { partition }), key, value, headers };
  }

  private number(): number {
    const value = this.bytes.readInt32LE(this.at);
    this.at += NUMBER_BYTES;
    return value;
  }

  private string(): string {
    const length = this.number();
    const start = this.at;
    this.at += length;
    return this.bytes.toString('utf8', start, this.at);
  }

  private buffer(): Buffer | null {
    const length = this.number();
    return length === NONE ? null : this.take(length);
  }

  private take(length: number): Buffer {
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }
}
