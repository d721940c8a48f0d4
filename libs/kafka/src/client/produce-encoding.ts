import { crc32c } from './crc32c.ts';
import { type RecordParts, recordSize, withLength, writeRecord } from './record-encoding.ts';

/** A message as the client was given it. */
export interface ProducedMessage extends RecordParts {
  readonly timestamp?: unknown;
}

/** What the client makes a produce request of. */
export interface ProduceParts {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null | undefined;
  readonly producerId?: string | number | undefined;
  readonly producerEpoch?: number | undefined;
  readonly compression?: number | undefined;
  readonly topicData: ReadonlyArray<{
    readonly topic: string;
    readonly partitions: ReadonlyArray<{
      readonly partition: number | string;
      readonly firstSequence?: number | undefined;
      readonly messages: readonly ProducedMessage[];
    }>;
  }>;
}

/** Bytes in the shape in which the client takes them. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** The messages of a partition, and how many bytes each of them takes. */
interface SizedBatch {
  readonly partition: number;
  readonly firstSequence: number;
  readonly messages: readonly ProducedMessage[];
  readonly sizes: readonly number[];
  /** Of all records. */
  readonly bytes: number;
}

interface SizedTopic {
  readonly topic: string;
  readonly batches: readonly SizedBatch[];
}

/** Who writes, and when. */
interface Writer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Milliseconds since the epoch. */
  readonly now: bigint;
}

const NULL_STRING = -1;
const NO_PRODUCER = -1n;
const NO_COMPRESSION = 0;
const MAGIC = 2;
/** Transactional id (none), acks, timeout, number of topics. */
const REQUEST_HEAD_BYTES = 2 + 2 + 4 + 4;
/** Length of the name, number of partitions. */
const TOPIC_HEAD_BYTES = 2 + 4;
/** Partition, bytes of its batch. */
const PARTITION_HEAD_BYTES = 4 + 4;
/** From the base offset to the number of records. */
const BATCH_HEAD_BYTES = 61;
/** What the length of a batch does not count: base offset, and the length itself. */
const BEFORE_LENGTH_COUNTS = 8 + 4;
const CRC_AT = 17;
/** From where on the checksum counts. */
const CHECKED_FROM = 21;

/**
 * The body of a produce request, version 3 to 7 (Kafka protocol, "Produce API" and "Record Batch"), written once into a buffer of the
 * right size. kafkajs 2.2.4 copies each record half a dozen times into buffers that grow on the way.
 *
 * @param now milliseconds since the epoch, the time stamp of all records.
 * @returns undefined for what is left to the client: transactions, compression, messages with time stamps of their own.
 */
export function encodeProduce(parts: ProduceParts, now: number): Encoded | undefined {
  const { acks, timeout, transactionalId, producerId, producerEpoch = 0, compression = NO_COMPRESSION } = parts;
  if (transactionalId || compression !== NO_COMPRESSION || hasTimestamps(parts)) return undefined;
  const topics = parts.topicData.map(({ topic, partitions }) => ({ topic, batches: partitions.map(sized) }));
  const writer = {
    producerId: producerId === undefined ? NO_PRODUCER : BigInt(producerId),
    producerEpoch,
    now: BigInt(now),
  };
  const buffer = Buffer.allocUnsafe(topics.reduce((sum, topic) => sum + topicBytes(topic), REQUEST_HEAD_BYTES));
  let at = buffer.writeInt16BE(NULL_STRING, 0);
  at = buffer.writeInt16BE(acks, at);
  at = buffer.writeInt32BE(timeout, at);
  at = buffer.writeInt32BE(topics.length, at);
  for (const topic of topics) at = writeTopic(buffer, at, topic, writer);
  return { buf: buffer, buffer };
}

function hasTimestamps({ topicData }: ProduceParts): boolean {
  const given = ({ timestamp }: ProducedMessage): boolean => timestamp !== undefined && timestamp !== null;
  return topicData.some(({ partitions }) => partitions.some(({ messages }) => messages.some(given)));
}

function sized(given: ProduceParts['topicData'][number]['partitions'][number]): SizedBatch {
  const { partition, firstSequence = 0, messages } = given;
  const sizes = messages.map(recordSize);
  return {
    partition: Number(partition),
    firstSequence,
    messages,
    sizes,
    bytes: sizes.reduce((sum, size) => sum + withLength(size), 0),
  };
}

function topicBytes({ topic, batches }: SizedTopic): number {
  const head = TOPIC_HEAD_BYTES + Buffer.byteLength(topic);
  return batches.reduce((sum, { bytes }) => sum + PARTITION_HEAD_BYTES + BATCH_HEAD_BYTES + bytes, head);
}

function writeTopic(target: Buffer, start: number, { topic, batches }: SizedTopic, writer: Writer): number {
  const nameAt = start + 2;
  const name = target.write(topic, nameAt);
  target.writeInt16BE(name, start);
  let at = target.writeInt32BE(batches.length, nameAt + name);
  for (const batch of batches) {
    at = target.writeInt32BE(batch.partition, at);
    at = target.writeInt32BE(BATCH_HEAD_BYTES + batch.bytes, at);
    at = writeBatch(target, at, batch, writer);
  }
  return at;
}

function writeBatch(target: Buffer, start: number, batch: SizedBatch, writer: Writer): number {
  const { messages, sizes, firstSequence, bytes } = batch;
  let at = target.writeBigInt64BE(0n, start);
  at = target.writeInt32BE(BATCH_HEAD_BYTES - BEFORE_LENGTH_COUNTS + bytes, at);
  at = target.writeInt32BE(0, at);
  at = target.writeInt8(MAGIC, at);
  at = target.writeInt16BE(0, start + CHECKED_FROM);
  at = target.writeInt32BE(messages.length - 1, at);
  at = target.writeBigInt64BE(writer.now, at);
  at = target.writeBigInt64BE(writer.now, at);
  at = target.writeBigInt64BE(writer.producerId, at);
  at = target.writeInt16BE(writer.producerEpoch, at);
  at = target.writeInt32BE(firstSequence, at);
  at = target.writeInt32BE(messages.length, at);
  for (const [offsetDelta, message] of messages.entries()) {
    at = writeRecord(target, at, message, { size: sizes[offsetDelta] ?? 0, offsetDelta });
  }
  target.writeUInt32BE(crc32c(target, start + CHECKED_FROM, at), start + CRC_AT);
  return at;
}
