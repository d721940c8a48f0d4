import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CodedError, UnavailableError } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { createKafka } from '../client/kafka.ts';
import type { KafkaRecord } from '../record.ts';
import { ThreadedProducer } from './threaded-producer.ts';

const logger = createLogger('test', 'silent');
const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const kafka = createKafka({ brokers, clientId: 'threaded-producer-test', logger });
const topic = `threaded-${randomUUID()}`;
const admin = kafka.admin();
const settings = { brokers, clientId: 'threaded-producer', app: 'test', logLevel: 'silent' };

type Read = Pick<KafkaRecord, 'partition' | 'key' | 'value' | 'headers'>;

/** Everything that is in the topic now. */
async function read(): Promise<readonly Read[]> {
  const left = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
  const consumer = kafka.consumer({ groupId: `${topic}-reader-${randomUUID()}` });
  const records: Read[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ partition, message }) => {
          const { key, value, headers = {}, offset } = message;
          records.push({ partition, key, value, headers });
          if (Number(offset) + 1 >= (left.get(partition) ?? 0)) left.delete(partition);
          if (left.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return records;
}

beforeAll(async () => {
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: '20000' }];
  await admin.createTopics({
    topics: [{ topic, numPartitions: 3, replicationFactor: 1, configEntries }],
    waitForLeaders: true,
  });
});

afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

describe('ThreadedProducer', () => {
  it('writes records as they were given, at least once; one that is too large fails alone', async () => {
    const producer = await ThreadedProducer.start(settings, () => undefined);
    const small = Array.from({ length: 300 }, (_, index) => ({
      topic,
      key: `k${index}`,
      value: Buffer.from(String(index)),
      headers: { twice: ['a', 'b'], once: Buffer.from(String(index)) },
    }));
    const large = producer.send({ topic, key: 'large', value: Buffer.alloc(30_000) });
    const outcome = large.then(
      () => 'written',
      (error: unknown) => (error instanceof CodedError ? error.code : error),
    );
    await Promise.all(small.map((record) => producer.send(record)));
    expect(await outcome).toBe('RECORD_TOO_LARGE');
    await producer.send({ topic, partition: 2, key: null, value: null });
    await producer.close();

    const records = await read();
    const bare = records.find(({ key }) => key === null);
    expect(bare).toMatchObject({ partition: 2, value: null });
    const values = records.flatMap(({ value }) => (value ? [Number(value.toString())] : []));
    expect(new Set(values)).toEqual(new Set(small.keys()));
    expect(records.find(({ key }) => key?.toString() === 'k7')?.headers).toEqual({
      twice: [Buffer.from('a'), Buffer.from('b')],
      once: Buffer.from('7'),
    });
  });

  it('writes what is under way when it is closed, and refuses what comes later', async () => {
    const crashes: Error[] = [];
    const producer = await ThreadedProducer.start(settings, (error) => crashes.push(error));
    const last = producer.send({ topic, key: 'last', value: Buffer.from('last') });
    await producer.close();
    await expect(last).resolves.toBeUndefined();
    await expect(producer.send({ topic, key: 'late', value: null })).rejects.toBeInstanceOf(UnavailableError);
    expect(crashes).toEqual([]);
  });

  it('does not start where no Kafka answers', async () => {
    const nowhere = { ...settings, brokers: ['127.0.0.1:1'] };
    await expect(ThreadedProducer.start(nowhere, () => undefined)).rejects.toBeInstanceOf(UnavailableError);
  });
});
