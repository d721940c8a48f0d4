import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { createLogger, createMetrics } from '#libs/runtime';

import { Kafka, logLevel } from '../client/kafkajs.ts';
import type { RecordOutcome } from './hand-over.ts';
import { OrderedConsumer } from './ordered-consumer.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const MORE_THAN_AT_ONCE = 100;
const running: OrderedConsumer[] = [];
const topics: string[] = [];

beforeAll(() => admin.connect());

afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
  await admin.deleteTopics({ topics: topics.splice(0) });
});

afterAll(() => admin.disconnect());

async function newTopic(): Promise<string> {
  const topic = `deleted-${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
  topics.push(topic);
  return topic;
}

/** By a producer of its own: one that knows a topic which was deleted writes to no other either. */
async function sent(topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
}

async function consuming(read: readonly string[], outcome: () => Promise<RecordOutcome>) {
  const handled: string[] = [];
  const ended = Promise.withResolvers<Error>();
  let told = (): void => undefined;
  const groupId = `deleted-${randomUUID()}`;
  const consumer = new OrderedConsumer({
    kafka,
    groupId,
    topics: read,
    // Nothing more is read until the first records have ended.
    unsettledBytes: 1,
    unsettledSpan: 1_000,
    drainLimitMs: 1_000,
    lookEveryMs: 500,
    clock: systemClock,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    handle: (records) => {
      for (const { value } of records) handled.push(String(value));
      told();
      return records.map(outcome);
    },
    onCrash: ended.resolve,
  });
  running.push(consumer);
  await consumer.start();
  const until = (value: string): Promise<void> =>
    new Promise((resolve) => {
      told = () => {
        if (handled.includes(value)) resolve();
      };
      told();
    });
  return { consumer, groupId, handled, until, ended: ended.promise };
}

describe('a topic that is deleted while it is read', () => {
  it('ends the consumer, that would read nothing of other topics either', async () => {
    const [kept, deleted] = [await newTopic(), await newTopic()];
    const { ended, until } = await consuming([kept, deleted], async () => ({ kind: 'settled' }));
    await sent(kept, ['a']);
    await until('a');
    topics.splice(topics.indexOf(deleted), 1);
    await admin.deleteTopics({ topics: [deleted] });
    const error = await ended;
    expect(error).toMatchObject({ code: 'TOPIC_GONE', message: `deleted while it was read: ${deleted}` });
  }, 30_000);

  it('has nothing committed where a new one takes its place', async () => {
    const topic = await newTopic();
    const answered = Promise.withResolvers<RecordOutcome>();
    const { consumer, groupId, ended, until } = await consuming([topic], () => answered.promise);
    await sent(topic, ['a']);
    await until('a');
    await admin.deleteTopics({ topics: [topic] });
    await ended;
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    answered.resolve({ kind: 'settled' });
    await consumer.stop();
    const [commits] = await admin.fetchOffsets({ groupId, topics: [topic] });
    expect(commits?.partitions).toMatchObject([{ offset: '-1' }]);
  }, 30_000);
});

describe('a log that no longer reaches to where it was read', () => {
  it('is read from its beginning: what is there may be new', async () => {
    const topic = await newTopic();
    const answered = Promise.withResolvers<RecordOutcome>();
    const { handled, until } = await consuming([topic], () => answered.promise);
    const values = Array.from({ length: MORE_THAN_AT_ONCE }, (_, number) => String(number));
    await sent(topic, values);
    await until('0');
    await admin.deleteTopics({ topics: [topic] });
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await sent(topic, ['new']);
    answered.resolve({ kind: 'settled' });
    await until('new');
    expect(handled).toEqual([...values, 'new']);
  }, 30_000);
});
