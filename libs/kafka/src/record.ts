import type { LogPosition } from '#libs/domain';
import type { IHeaders } from 'kafkajs';

/** One record as it was read from a topic. */
export interface KafkaRecord extends LogPosition {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** Milliseconds since the epoch: the producer's time, or the broker's where the topic says LogAppendTime. */
  readonly timestamp: number;
}

/** One record to be written. Without `partition`, the key's murmur2 hash chooses it, as Java's and kafkajs' producers do. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  readonly headers?: IHeaders;
}

/** A header's text; the first one where it was given several times; undefined where it is absent. */
export function headerText(headers: IHeaders, name: string): string | undefined {
  const value = headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? undefined : first.toString();
}

/** Every header of a record, in order; one that was given several times is there as often. */
export function headerEntries(headers: IHeaders): Array<{ name: string; value: Buffer }> {
  return Object.entries(headers).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => (one === undefined ? [] : [{ name, value: Buffer.from(one) }]));
  });
}

/** What a record counts against the bound on unsettled bytes. */
export function recordBytes({ key, value, headers }: Pick<KafkaRecord, 'key' | 'value' | 'headers'>): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
  for (const name in headers) bytes += name.length + headerBytes(headers[name]);
  return bytes;
}

function headerBytes(value: IHeaders[string]): number {
  if (Array.isArray(value)) return value.reduce((sum, one) => sum + one.length, 0);
  return value?.length ?? 0;
}

/**
 * What holding one record costs besides its payload: its objects, and its delivery on the way. Measured with small records: 5.8 KiB;
 * the rest is for what the engine needs to collect them.
 */
const RECORD_OVERHEAD_BYTES = 8_192;
