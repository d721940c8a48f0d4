import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { connect as openSocket } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { createLogger, createMetrics } from '#libs/runtime';
import type { ISocketFactory } from 'kafkajs';

import { Kafka, logLevel } from '../client/kafkajs.ts';
import type { RecordOutcome } from './hand-over.ts';
import { OrderedConsumer } from './ordered-consumer.ts';
import type { ConsumerGroup } from './rebalance-hook.ts';

const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const topic = `join-amid-fetch-${randomUUID()}`;
const FETCH = 1;
const JOIN_GROUP = 11;
let joinRequests = 0;
let fetchSent = (): void => undefined;
/** Resolves when a fetch is under way that begins after this. */
const nextFetch = (): Promise<void> => new Promise((resolve) => (fetchSent = resolve));

/**
 * Sends fetches over a connection of their own, as the client has one to each of several brokers: a broker answers what came over
 * one connection in turn, so that with a single one no join would ever end while a fetch is under way.
 */
const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
  const socket = openSocket({ host, port }, onConnect);
  const fetches = openSocket({ host, port });
  const write = socket.write.bind(socket);
  // A request: size, API key.
  socket.write = (bytes: string | Uint8Array, ...rest: unknown[]): boolean => {
    const key = Buffer.isBuffer(bytes) ? bytes.readInt16BE(4) : undefined;
    if (key === JOIN_GROUP) joinRequests += 1;
    if (key === FETCH) fetchSent();
    return key === FETCH ? fetches.write(bytes) : Reflect.apply(write, socket, [bytes, ...rest]);
  };
  let partial = Buffer.alloc(0);
  fetches.on('data', (bytes: Buffer) => {
    partial = Buffer.concat([partial, bytes]);
    if (partial.length < partial.readInt32BE(0) + 4) return;
    const answer = partial;
    partial = Buffer.alloc(0);
    socket.emit('data', answer);
  });
  fetches.on('error', (error) => socket.destroy(error));
  socket.on('close', () => fetches.destroy());
  return socket;
};
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, socketFactory });
const admin = kafka.admin();
const producer = kafka.producer();
/** Longer than it takes to join again while no record is under way: the fetch that began before brings what is written after. */
const FETCH_WAITS_MS = 4_000;

const groupClass: { prototype: ConsumerGroup & { connect(): Promise<void> } } = createRequire(import.meta.url)(
  'kafkajs/src/consumer/consumerGroup',
);
const { connect } = groupClass.prototype;
/** The group that the client connected last. */
let group: ConsumerGroup | undefined;
const connected = (one: ConsumerGroup): void => void (group = one);

const running: OrderedConsumer[] = [];

beforeAll(async () => {
  groupClass.prototype.connect = function seen(): Promise<void> {
    connected(this);
    return connect.call(this);
  };
  await admin.connect();
  await producer.connect();
  await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});

afterAll(async () => {
  groupClass.prototype.connect = connect;
  await producer.disconnect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

/** A consumer of the topic whose client joins its group again when it is told to, as it does from within a fetch that a broker refused. */
async function consuming(outcome: () => Promise<RecordOutcome>) {
  const handled: string[] = [];
  let told = (): void => undefined;
  const consumer = new OrderedConsumer({
    kafka,
    groupId: `${topic}-${randomUUID()}`,
    topics: [topic],
    unsettledBytes: 1_000_000,
    unsettledSpan: 1_000,
    drainLimitMs: 0,
    maxWaitMs: FETCH_WAITS_MS,
    clock: systemClock,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    handle: (records) => {
      for (const { value } of records) handled.push(String(value));
      told();
      return records.map(outcome);
    },
    onCrash: (error) => {
      throw error;
    },
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
  const joinAgain = async (): Promise<void> => {
    if (!group) throw new Error('no group was connected');
    await group.joinAndSync();
  };
  return { handled, until, joinAgain };
}

describe('a group that is joined again while a fetch is under way', () => {
  it('reads again what was not settled, and nothing above it before', async () => {
    const { handled, until, joinAgain } = await consuming(() => Promise.resolve({ kind: 'abandoned' }));
    await producer.send({ topic, messages: ['a', 'b', 'c'].map((value) => ({ value })) });
    await until('c');
    await nextFetch();
    await joinAgain();
    await producer.send({ topic, messages: [{ value: 'late' }] });
    await until('late');
    expect(handled).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'late']);
  }, 30_000);

  it('reads again what was not settled, also when the fetch brings nothing but an aborted transaction', async () => {
    const { handled, until, joinAgain } = await consuming(() => Promise.resolve({ kind: 'abandoned' }));
    await until('late');
    await nextFetch();
    await joinAgain();
    const transactional = kafka.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
    await transactional.connect();
    const transaction = await transactional.transaction();
    await transaction.send({ topic, messages: [{ value: 'aborted' }] });
    const answered = nextFetch();
    await transaction.abort();
    await answered;
    await transactional.disconnect();
    await producer.send({ topic, messages: [{ value: 'last' }] });
    await until('last');
    expect(handled).toEqual(['a', 'b', 'c', 'late', 'a', 'b', 'c', 'late', 'last']);
  }, 30_000);

  it('is joined once for all who want it at the same time', async () => {
    const { until, joinAgain } = await consuming(() => Promise.resolve({ kind: 'settled' }));
    await until('late');
    joinRequests = 0;
    await Promise.all([joinAgain(), joinAgain()]);
    expect(joinRequests).toBe(1);
    await joinAgain();
    expect(joinRequests).toBe(2);
  }, 30_000);
});
