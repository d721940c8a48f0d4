import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { createKafka } from '../client/kafka.ts';
import { Kafka, logLevel } from '../client/kafkajs.ts';
import { RecordProducer } from './record-producer.ts';

const logger = createLogger('test', 'silent');
const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const kafka = createKafka({ brokers, clientId: 'record-producer-test', logger });
const topic = `record-producer-${randomUUID()}`;
const admin = kafka.admin();
const producer = new RecordProducer({ kafka, logger, sendTimeoutMs: 30_000 });

beforeAll(async () => {
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1 }], waitForLeaders: true });
  await producer.connect();
});
afterAll(async () => {
  await producer.close();
  await admin.disconnect();
});

describe('a producer whose topic has got more partitions', () => {
  const to = (partition: number) => producer.send({ topic, partition, key: 'k', value: Buffer.from('v') });

  it('says that a record for one that it does not know was not written, and writes the next one', async () => {
    expect(await to(1)).toEqual({ topic, partition: 1, offset: 0 });
    await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
    const both = await Promise.allSettled([to(3), to(0)]);
    expect(both).toEqual([
      { status: 'rejected', reason: expect.any(UnavailableError) },
      { status: 'fulfilled', value: { topic, partition: 0, offset: 0 } },
    ]);
    expect(await to(3)).toEqual({ topic, partition: 3, offset: 0 });
    const found = await admin.fetchTopicOffsets(topic);
    const ends = Object.fromEntries(found.map(({ partition, high }) => [partition, high]));
    expect(ends).toEqual({ 0: '1', 1: '1', 2: '0', 3: '1' });
  });
});

describe('a producer', () => {
  it('has no broker create a topic that is not there: it would have the settings of the broker', async () => {
    const METADATA = 3;
    const mayCreate: number[] = [];
    const asking = new Kafka({
      brokers,
      logLevel: logLevel.NOTHING,
      socketFactory: ({ host, port, onConnect }) => {
        const socket = connect({ host, port }, onConnect);
        const write = socket.write.bind(socket);
        // A request: size, API key; one for metadata ends with whether topics may be created.
        socket.write = (bytes: string | Uint8Array, ...rest: unknown[]): boolean => {
          if (Buffer.isBuffer(bytes) && bytes.readInt16BE(4) === METADATA) mayCreate.push(bytes.at(-1) ?? -1);
          return Reflect.apply(write, socket, [bytes, ...rest]);
        };
        return socket;
      },
    });
    const one = new RecordProducer({ kafka: asking, logger, sendTimeoutMs: 30_000 });
    await one.send({ topic, key: 'k', value: null });
    await one.close();
    expect(mayCreate.length).toBeGreaterThan(0);
    expect(new Set(mayCreate)).toEqual(new Set([0]));
  });
});
