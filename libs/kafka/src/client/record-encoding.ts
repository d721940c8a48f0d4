import type { IHeaders } from 'kafkajs';

import { writeShort } from './text-writing.ts';

/** What a record is made of. */
export interface RecordParts {
  readonly key?: Bytes | undefined;
  readonly value: Bytes;
  readonly headers?: IHeaders | undefined;
}

type Bytes = Buffer | string | null;

/** Headers as they stand in a record: they pass through the client, which need not know them. */
export class EncodedHeaders implements IHeaders {
  readonly [name: string]: Buffer | undefined;
  readonly encoded: Buffer;

  /** @param encoded what {@link writeHeaders} wrote. */
  constructor(encoded: Buffer) {
    this.encoded = encoded;
  }
}

const SEVEN_BITS = 0x7f;
const CONTINUES = 0x80;
const NULL_LENGTH = -1;
const NO_ATTRIBUTES = 0;
const NO_TIMESTAMP_DELTA = 0;
/** Attributes and time stamp, a byte each. */
const FIXED_BYTES = 2;
const MOST_VAR_INT_BYTES = 5;
/** Of a string in UTF-8, by its length. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * The bytes of a record of a record batch, version 2 (Kafka protocol, "Record"), without the length that it begins with. Its time stamp is
 * that of its batch.
 *
 * @param offsetDelta its place in the batch.
 */
export function recordSize({ key = null, value, headers }: RecordParts, offsetDelta: number): number {
  return FIXED_BYTES + sizeOfVarInt(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value) + sizeOfHeaders(headers);
}

/**
 * Writes a record with its length.
 *
 * @param size what {@link recordSize} said.
 * @returns where it ends.
 */
export function writeRecord(
  target: Buffer,
  start: number,
  { key = null, value, headers }: RecordParts,
  { size, offsetDelta }: { readonly size: number; readonly offsetDelta: number },
): number {
  let at = writeVarInt(target, start, size);
  target[at] = NO_ATTRIBUTES;
  target[at + 1] = NO_TIMESTAMP_DELTA;
  at = writeVarInt(target, at + FIXED_BYTES, offsetDelta);
  at = writeBytes(target, at, key);
  at = writeBytes(target, at, value);
  return writeHeaders(target, at, headers);
}

/** How many bytes a record takes with the length that it begins with. */
export function withLength(size: number): number {
  return sizeOfVarInt(size) + size;
}

/** No fewer than {@link writeHeaders} writes; cheaper than to count them. */
export function mostHeaderBytes(headers: IHeaders | undefined): number {
  let bytes = MOST_VAR_INT_BYTES;
  eachHeader(headers, (name, value) => {
    const units = name.length * MOST_BYTES_PER_UNIT + (value?.length ?? 0) * MOST_BYTES_PER_UNIT;
    bytes += units + 2 * MOST_VAR_INT_BYTES;
  });
  return bytes;
}

/** Writes headers as they stand in a record: their number, then names and values. @returns where they end. */
export function writeHeaders(target: Buffer, start: number, headers: IHeaders | undefined): number {
  if (headers instanceof EncodedHeaders) return start + headers.encoded.copy(target, start);
  let at = writeVarInt(target, start, countOf(headers));
  eachHeader(headers, (name, value) => {
    at = writeBytes(target, writeBytes(target, at, name), value);
  });
  return at;
}

function sizeOfHeaders(headers: IHeaders | undefined): number {
  if (headers instanceof EncodedHeaders) return headers.encoded.length;
  let size = sizeOfVarInt(countOf(headers));
  eachHeader(headers, (name, value) => {
    size += sizeOfBytes(name) + sizeOfBytes(value);
  });
  return size;
}

function countOf(headers: IHeaders | undefined): number {
  let count = 0;
  eachHeader(headers, () => {
    count += 1;
  });
  return count;
}

/** A header that was given several times comes as often. */
function eachHeader(headers: IHeaders | undefined, take: (name: string, value: Bytes) => void): void {
  for (const name in headers) {
    const given = headers[name];
    if (Array.isArray(given)) for (const one of given) take(name, one);
    else take(name, given ?? null);
  }
}

function lengthOf(bytes: Bytes): number {
  if (bytes === null) return NULL_LENGTH;
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
}

function sizeOfBytes(bytes: Bytes): number {
  const length = lengthOf(bytes);
  return sizeOfVarInt(length) + Math.max(0, length);
}

function writeBytes(target: Buffer, at: number, bytes: Bytes): number {
  // So short that its length takes one byte.
  if (typeof bytes === 'string' && writeShort(target, at + 1, bytes)) {
    target[at] = zigzag(bytes.length);
    return at + 1 + bytes.length;
  }
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
