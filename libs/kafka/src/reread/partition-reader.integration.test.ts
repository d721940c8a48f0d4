import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '#libs/runtime';

import { AdminConnection } from '../client/admin-connection.ts';
import { createKafka } from '../client/kafka.ts';
import { RecordProducer } from '../produce/record-producer.ts';
import { PartitionLog } from './partition-log.ts';
import { PartitionReader } from './partition-reader.ts';

const logger = createLogger('test', 'silent');
const kafka = createKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'test', logger });
const admin = new AdminConnection(kafka);
const producer = new RecordProducer({ kafka, logger });
const topic = `reread-${randomUUID()}`;
const groupStem = `reread-${randomUUID()}-`;
const reader = new PartitionReader({ kafka, admin, groupStem, logger });
const log = new PartitionLog(admin, topic);
const COUNT = 50;
const never = new AbortController().signal;
/** The records of one test are as old as they say. */
const RETENTION_MS = 100 * 365 * 86_400_000;

beforeAll(async () => {
  await admin.use((client) =>
    client.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 1 }], waitForLeaders: true }),
  );
  for (const partition of [0, 1, 2]) {
    await Promise.all(
      Array.from({ length: COUNT }, (_, index) => ({
        topic,
        partition,
        key: null,
        value: Buffer.from(`${partition}/${index}`),
      })).map((record) => producer.send(record)),
    );
  }
});

afterAll(async () => {
  await producer.close();
  await admin.close();
});

async function read(
  from: number,
  to: number,
  more: () => boolean = () => true,
): Promise<{ values: string[]; nexts: number[] }> {
  const values: string[] = [];
  const nexts: number[] = [];
  await reader.read(
    { topic, partition: 1, from, to },
    async (records, next) => {
      values.push(...records.map(({ value }) => String(value)));
      nexts.push(next);
      return more();
    },
    never,
  );
  return { values, nexts };
}

const expected = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `1/${from + index}`);

describe('reading a span of a partition again', () => {
  it('gives exactly the records of the span, in order, and says what is read', async () => {
    const { values, nexts } = await read(7, 31);
    expect(values).toEqual(expected(7, 31));
    expect(nexts.at(-1)).toBe(31);
    expect((await read(0, COUNT)).values).toEqual(expected(0, COUNT));
    expect(await read(9, 9)).toEqual({ values: [], nexts: [] });
  });

  it('ends when no more is wanted, and with what went wrong', async () => {
    const { values } = await read(0, COUNT, () => false);
    expect(values[0]).toBe('1/0');
    await expect(
      reader.read(
        { topic, partition: 1, from: 0, to: COUNT },
        async () => {
          throw new Error('full');
        },
        never,
      ),
    ).rejects.toThrow('full');
  });

  it('ends when it is told to, also where nothing comes any more', async () => {
    const ending = new AbortController();
    const begun = Promise.withResolvers<void>();
    const reading = reader.read(
      { topic, partition: 1, from: COUNT - 1, to: COUNT + 1_000 },
      async () => {
        begun.resolve();
        return true;
      },
      ending.signal,
    );
    await begun.promise;
    ending.abort();
    await reading;
    await reader.read(
      { topic, partition: 1, from: 0, to: COUNT },
      () => Promise.reject(new Error('read')),
      ending.signal,
    );
  });

  it('ends behind marks of transactions, which are no records', async () => {
    const transactional = kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: topic });
    await transactional.connect();
    const transaction = await transactional.transaction();
    await transaction.send({ topic, messages: [{ partition: 1, value: `1/${COUNT}` }] });
    await transaction.commit();
    await transactional.disconnect();
    const end = COUNT + 2;
    // The mark comes a moment after the commit is acknowledged.
    while ((await log.bounds(1)).end < end) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await read(COUNT - 1, end)).values).toEqual(expected(COUNT - 1, COUNT + 1));
    expect((await read(COUNT + 1, end)).values).toEqual([]);
  });

  it('leaves no consumer group behind', async () => {
    await read(0, 1);
    const { groups } = await admin.use((client) => client.listGroups());
    expect(groups.filter(({ groupId }) => groupId.startsWith(groupStem))).toEqual([]);
  });
});

describe('what a partition holds', () => {
  it('is told by offset and by time', async () => {
    const other = `timed-${randomUUID()}`;
    const configEntries = [{ name: 'retention.ms', value: String(RETENTION_MS) }];
    const timed = new PartitionLog(admin, other);
    await admin.use((client) =>
      client.createTopics({
        topics: [{ topic: other, numPartitions: 1, replicationFactor: 1, configEntries }],
        waitForLeaders: true,
      }),
    );
    const start = Date.UTC(2026, 0, 1);
    const direct = kafka.producer();
    await direct.connect();
    // The second is older than the first: producers set the times.
    const times = [start + 5_000, start + 1_000, start + 9_000];
    await direct.send({ topic: other, messages: times.map((time) => ({ value: 'x', timestamp: String(time) })) });
    await direct.disconnect();
    expect(await timed.bounds(0)).toEqual({ start: 0, end: 3 });
    expect(await timed.offsetAt(0, start)).toBe(0);
    for (const before1970 of [-1, Date.UTC(-1)]) expect(await timed.offsetAt(0, before1970)).toBe(0);
    expect(await timed.offsetAt(0, start + 5_001)).toBe(2);
    expect(await timed.offsetAt(0, start + 9_001)).toBe(3);
    expect(await timed.startTime(0, 0, Date.now())).toBe(start + 5_000);
    expect(await timed.partitionOf('anybody')).toBe(0);
    expect(await timed.retentionMs()).toBe(RETENTION_MS);
  });
});
