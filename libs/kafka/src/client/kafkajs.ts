import { createRequire } from 'node:module';

import type * as KafkaJs from 'kafkajs';

import { encodeRecord, type RecordParts } from './record-encoding.ts';

const RECORD_ENCODER = 'kafkajs/src/protocol/recordBatch/record/v0';
const LARGEST_DELTA = 2 ** 30;

/**
 * The client, loaded with {@link encodeRecord} in the place of its own record encoder. Everything of it that runs is imported from here.
 *
 * @throws Error when the pinned client's inside no longer looks like this.
 */
function load(): typeof KafkaJs {
  const require = createRequire(import.meta.url);
  const original: unknown = require(RECORD_ENCODER);
  if (typeof original !== 'function') throw new Error('kafkajs changed inside: its record encoder is not where it was');
  const loaded = require.cache[require.resolve(RECORD_ENCODER)];
  if (loaded) {
    loaded.exports = (parts: RecordParts): unknown => {
      const { timestampDelta = 0 } = parts;
      return timestampDelta >= 0 && timestampDelta < LARGEST_DELTA ? encodeRecord(parts) : original(parts);
    };
  }
  const client: typeof KafkaJs = require('kafkajs');
  return client;
}

export const { AssignerProtocol, Kafka, logLevel, PartitionAssigners, Partitioners } = load();
