import type { LogPosition } from '#libs/domain';
import { Binary } from 'mongodb';

/** A record of a topic as it came, kept so that it can be put back. */
export interface KeptRecord {
  readonly key: Buffer | undefined;
  /** Undefined when there was none, or when it is too large for a document: it is still at its position. */
  readonly value: Buffer | undefined;
  /** The size of the value, in bytes. */
  readonly bytes: number;
  readonly headers: ReadonlyArray<{ readonly name: string; readonly value: Buffer }>;
  /** Where it lies. */
  readonly position: LogPosition;
}

export interface KeptRecordDocument {
  readonly key?: Binary | undefined;
  readonly value?: Binary | undefined;
  readonly bytes: number;
  readonly headers: ReadonlyArray<{ readonly name: string; readonly value: Binary }>;
  readonly position: LogPosition;
}

/** A document of MongoDB holds 16 MiB; the rest of it needs some room, too. */
const MAX_VALUE_BYTES = 12 * 1024 * 1024;

export function toKeptDocument({ key, value, bytes, headers, position }: KeptRecord): KeptRecordDocument {
  return {
    key: key && new Binary(key),
    value: value && value.length <= MAX_VALUE_BYTES ? new Binary(value) : undefined,
    bytes,
    headers: headers.map((header) => ({ name: header.name, value: new Binary(header.value) })),
    position: { topic: position.topic, partition: position.partition, offset: position.offset },
  };
}

export function fromKeptDocument({ key, value, bytes, headers, position }: KeptRecordDocument): KeptRecord {
  return {
    key: key && bytesOf(key),
    value: value && bytesOf(value),
    bytes,
    headers: headers.map((header) => ({ name: header.name, value: bytesOf(header.value) })),
    position,
  };
}

function bytesOf(binary: Binary): Buffer {
  return Buffer.from(binary.value());
}
