import {
  baseOf,
  type BatchContext,
  type DecodedRecord,
  LOG_APPEND_TIME,
  recordAt,
  type RecordBytes,
  RecordReader,
} from './record-decoding.ts';

/** A record batch in the shape in which the client hands it on. */
export interface DecodedBatch extends BatchContext {
  readonly records: readonly DecodedRecord[];
}

const MAGIC = 2;
/** Bits of a batch's attributes. */
const COMPRESSED = 0x7;
const BY_BROKER = 0x8;
const IN_TRANSACTION = 0x10;
const CONTROL = 0x20;
/** Where a batch has what (Kafka protocol, "Record Batch"); its length counts from behind itself. */
const PLACE = {
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  firstSequence: 53,
  count: 57,
  records: 61,
};

/**
 * A record batch, version 2, whose records are read where they lie: kafkajs 2.2.4 makes a piece of the buffer and a decoder of each.
 *
 * @param bytes moved behind the batch.
 * @returns undefined where the client's own decoder has to do it, and `bytes` stay where they are: batches that are compressed, cut off or make no
 *   sense, and what `decodeRecord` leaves to it.
 */
export function decodeBatch(bytes: RecordBytes): DecodedBatch | undefined {
  const { buffer, offset: start } = bytes;
  if (buffer.length < start + PLACE.records || buffer[start + PLACE.magic] !== MAGIC) return undefined;
  const end = start + PLACE.leaderEpoch + buffer.readInt32BE(start + PLACE.length);
  const attributes = buffer.readInt16BE(start + PLACE.attributes);
  const count = buffer.readInt32BE(start + PLACE.count);
  if (end < start + PLACE.records || end > buffer.length || count < 0) return undefined;
  if ((attributes & COMPRESSED) !== 0) return undefined;
  const context = {
    firstOffset: int64(buffer, start),
    firstTimestamp: int64(buffer, start + PLACE.firstTimestamp),
    partitionLeaderEpoch: buffer.readInt32BE(start + PLACE.leaderEpoch),
    inTransaction: (attributes & IN_TRANSACTION) !== 0,
    isControlBatch: (attributes & CONTROL) !== 0,
    lastOffsetDelta: buffer.readInt32BE(start + PLACE.lastOffsetDelta),
    producerId: int64(buffer, start + PLACE.producerId),
    producerEpoch: buffer.readInt16BE(start + PLACE.producerEpoch),
    firstSequence: buffer.readInt32BE(start + PLACE.firstSequence),
    maxTimestamp: int64(buffer, start + PLACE.maxTimestamp),
    timestampType: (attributes & BY_BROKER) === 0 ? 0 : LOG_APPEND_TIME,
  };
  const records = recordsOf(new RecordReader(buffer, start + PLACE.records), end, {
    count,
    context: { ...context, magicByte: MAGIC },
  });
  if (!records) return undefined;
  bytes.offset = end;
  return { ...context, records };
}

function recordsOf(
  reader: RecordReader,
  end: number,
  { count, context }: { readonly count: number; readonly context: BatchContext },
): DecodedRecord[] | undefined {
  const base = baseOf(context);
  const records: DecodedRecord[] = [];
  for (let left = count; left > 0; left -= 1) {
    const size = reader.number();
    const next = reader.at + size;
    const record = reader.isLarge || size < 1 || next > end ? undefined : recordAt(reader, context, base);
    if (!record || reader.at > next) return undefined;
    records.push(record);
    reader.at = next;
  }
  return records;
}

function int64(buffer: Buffer, at: number): string {
  return buffer.readBigInt64BE(at).toString();
}
