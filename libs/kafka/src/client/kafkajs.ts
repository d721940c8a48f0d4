import { createRequire } from 'node:module';

import type * as KafkaJs from 'kafkajs';

import { decodeBatch } from './batch-decoding.ts';
import { groupByPartition } from './message-grouping.ts';
import { encodeProduce, type ProduceParts } from './produce-encoding.ts';
import { type BatchClass, quickBatch } from './quick-batch.ts';
import { type BatchContext, decodeRecord, type RecordBytes } from './record-decoding.ts';
import { frameRequest } from './request-framing.ts';

/** The client's later versions of the request are made of this one. */
const PRODUCE_REQUEST = 'kafkajs/src/protocol/requests/produce/v3/request';
const REQUEST_FRAMING = 'kafkajs/src/protocol/request';
const MESSAGE_GROUPING = 'kafkajs/src/producer/groupMessagesPerPartition';
const RECORD_DECODER = 'kafkajs/src/protocol/recordBatch/record/v0/decoder';
/** What keeps the record decoder that it finds. */
const BATCH_DECODER = 'kafkajs/src/protocol/recordBatch/v0/decoder';
const FETCHED_BATCH = 'kafkajs/src/consumer/batch';

/**
 * The client, loaded with {@link encodeProduce}, {@link frameRequest}, {@link groupByPartition}, {@link decodeBatch}, {@link decodeRecord} and {@link quickBatch} in the
 * place of its own. Everything of it that runs is imported from here.
 *
 * @throws Error when the pinned client's inside no longer looks like this.
 */
function load(): typeof KafkaJs {
  const require = createRequire(import.meta.url);
  if (require.cache[require.resolve(BATCH_DECODER)]) throw new Error('kafkajs was loaded by somebody else before');
  const replaceIf = <T>(path: string, is: (loaded: unknown) => loaded is T, put: (original: T) => unknown): void => {
    const original: unknown = require(path);
    const loaded = require.cache[require.resolve(path)];
    if (!is(original) || !loaded) throw new Error(`kafkajs changed inside: ${path} is not what it was`);
    loaded.exports = put(original);
  };
  const replace = (path: string, put: (original: (...given: unknown[]) => unknown) => unknown): void =>
    replaceIf(path, isFunction, put);
  replace(PRODUCE_REQUEST, (original) => (parts: ProduceParts): unknown => {
    const request = original(parts);
    if (!isRequest(request)) throw new Error(`kafkajs changed inside: ${PRODUCE_REQUEST} is not what it was`);
    return { ...request, encode: async () => encodeProduce(parts, Date.now()) ?? request.encode() };
  });
  replace(REQUEST_FRAMING, () => frameRequest);
  replace(MESSAGE_GROUPING, () => groupByPartition);
  replace(
    RECORD_DECODER,
    (original) =>
      (bytes: RecordBytes, context: BatchContext): unknown =>
        decodeRecord(bytes, context) ?? original(bytes, context),
  );
  replace(
    BATCH_DECODER,
    (original) =>
      async (bytes: RecordBytes): Promise<unknown> =>
        decodeBatch(bytes) ?? original(bytes),
  );
  replaceIf(FETCHED_BATCH, isBatchClass, quickBatch);
  const client: typeof KafkaJs = require('kafkajs');
  return client;
}

function isRequest(value: unknown): value is { encode(): Promise<unknown> } {
  return typeof value === 'object' && value !== null && 'encode' in value && isFunction(value.encode);
}

function isBatchClass(value: unknown): value is BatchClass {
  return isFunction(value) && value.name === 'Batch';
}

function isFunction(value: unknown): value is (...given: unknown[]) => unknown {
  return typeof value === 'function';
}

export const { AssignerProtocol, Kafka, logLevel, PartitionAssigners, Partitioners } = load();
