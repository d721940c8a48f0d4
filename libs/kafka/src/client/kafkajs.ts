import { createRequire } from 'node:module';

import type * as KafkaJs from 'kafkajs';

import { type BatchContext, decodeRecord, type RecordBytes } from './record-decoding.ts';
import { encodeRecord, type RecordParts } from './record-encoding.ts';

const RECORD_ENCODER = 'kafkajs/src/protocol/recordBatch/record/v0';
const RECORD_DECODER = 'kafkajs/src/protocol/recordBatch/record/v0/decoder';
/** What keeps the record decoder that it finds. */
const BATCH_DECODER = 'kafkajs/src/protocol/recordBatch/v0/decoder';
const LARGEST_DELTA = 2 ** 30;

/**
 * The client, loaded with {@link encodeRecord} and {@link decodeRecord} in the place of its own. Everything of it that runs is imported
 * from here.
 *
 * @throws Error when the pinned client's inside no longer looks like this.
 */
function load(): typeof KafkaJs {
  const require = createRequire(import.meta.url);
  if (require.cache[require.resolve(BATCH_DECODER)]) throw new Error('kafkajs was loaded by somebody else before');
  const replace = (path: string, put: (original: (...given: unknown[]) => unknown) => unknown): void => {
    const original: unknown = require(path);
    const loaded = require.cache[require.resolve(path)];
    if (!isFunction(original) || !loaded) throw new Error(`kafkajs changed inside: ${path} is not what it was`);
    loaded.exports = put(original);
  };
  replace(RECORD_ENCODER, (original) => (parts: RecordParts): unknown => {
    const { timestampDelta = 0 } = parts;
    return timestampDelta >= 0 && timestampDelta < LARGEST_DELTA ? encodeRecord(parts) : original(parts);
  });
  replace(
    RECORD_DECODER,
    (original) =>
      (bytes: RecordBytes, context: BatchContext): unknown =>
        decodeRecord(bytes, context) ?? original(bytes, context),
  );
  const client: typeof KafkaJs = require('kafkajs');
  return client;
}

function isFunction(value: unknown): value is (...given: unknown[]) => unknown {
  return typeof value === 'function';
}

export const { AssignerProtocol, Kafka, logLevel, PartitionAssigners, Partitioners } = load();
