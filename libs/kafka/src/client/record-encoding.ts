import type { IHeaders } from 'kafkajs';

/** What the client's produce request asks a record's encoder for. */
export interface RecordParts {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: IHeaders;
}

/** A record's bytes, in the shape in which the client takes them. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

const SEVEN_BITS = 0x7f;
const CONTINUES = 0x80;
const NULL_LENGTH = -1;
const NO_ATTRIBUTES = 0;

/**
 * One record of a record batch, version 2 (Kafka protocol, "Record"): sizes first, so that it is written once into a buffer of the right
 * size. kafkajs 2.2.4 makes an array and a buffer for every integer on the way, which costs several times what is written.
 *
 * @param parts `offsetDelta` and `timestampDelta` below 2^30, not negative.
 */
export function encodeRecord(parts: RecordParts): EncodedRecord {
  const { offsetDelta = 0, timestampDelta = 0, key = null, value } = parts;
  const headers = headerPairs(parts.headers);
  let size = 1 + sizeOfVarInt(timestampDelta) + sizeOfVarInt(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value);
  size += sizeOfVarInt(headers.length);
  for (const [name, text] of headers) size += sizeOfBytes(name) + sizeOfBytes(text);

  const buffer = Buffer.allocUnsafe(sizeOfVarInt(size) + size);
  let at = writeVarInt(buffer, 0, size);
  buffer[at] = NO_ATTRIBUTES;
  at = writeVarInt(buffer, at + 1, timestampDelta);
  at = writeVarInt(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, key);
  at = writeBytes(buffer, at, value);
  at = writeVarInt(buffer, at, headers.length);
  for (const [name, text] of headers) at = writeBytes(buffer, writeBytes(buffer, at, name), text);
  return { buf: buffer, buffer };
}

type HeaderValue = Buffer | string | null;

function headerPairs(headers: IHeaders | undefined): ReadonlyArray<readonly [string, HeaderValue]> {
  const pairs: Array<readonly [string, HeaderValue]> = [];
  for (const name in headers) {
    const given = headers[name];
    if (Array.isArray(given)) for (const one of given) pairs.push([name, one]);
    else pairs.push([name, given ?? null]);
  }
  return pairs;
}

function lengthOf(bytes: HeaderValue): number {
  if (bytes === null) return NULL_LENGTH;
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
}

function sizeOfBytes(bytes: HeaderValue): number {
  const length = lengthOf(bytes);
  return sizeOfVarInt(length) + Math.max(0, length);
}

function writeBytes(target: Buffer, at: number, bytes: HeaderValue): number {
  const start = writeVarInt(target, at, lengthOf(bytes));
  if (bytes === null) return start;
  return start + (typeof bytes === 'string' ? target.write(bytes, start) : bytes.copy(target, start));
}

/** Small negative numbers stay short: 0, -1, 1, -2 become 0, 1, 2, 3. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function sizeOfVarInt(value: number): number {
  let bytes = 1;
  for (let rest = zigzag(value); rest > SEVEN_BITS; rest >>>= 7) bytes += 1;
  return bytes;
}

function writeVarInt(target: Buffer, at: number, value: number): number {
  let next = at;
  let rest = zigzag(value);
  while (rest > SEVEN_BITS) {
    target[next] = (rest & SEVEN_BITS) | CONTINUES;
    next += 1;
    rest >>>= 7;
  }
  target[next] = rest;
  return next + 1;
}
