import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { createLogger, createMetrics } from '#libs/runtime';
import type { ISocketFactory } from 'kafkajs';

import { Kafka, logLevel } from '../client/kafkajs.ts';
import { OrderedConsumer } from './ordered-consumer.ts';

const JOIN_GROUP = 11;
const HEARTBEAT = 12;
const COORDINATOR_LOAD_IN_PROGRESS = 14;
const NOT_COORDINATOR = 16;

const brokers = (process.env['KAFKA_BROKERS'] ?? '127.0.0.1:9092').split(',');
const topic = `join-again-${randomUUID()}`;

/**
 * Connections to a broker that once answers as it does after it stood still: it is no longer the group's coordinator (to a heartbeat),
 * then it is again and loads the group (to the request to join, which it does not heed). The group is as it was before.
 */
class StoodStill {
  readonly answered: string[] = [];
  private readonly told = Promise.withResolvers<void>();
  private next: typeof HEARTBEAT | typeof JOIN_GROUP | undefined;
  private readonly heartbeats = new Set<number>();

  /** Resolves once it has answered so. */
  begin(): Promise<void> {
    this.next = HEARTBEAT;
    return this.told.promise;
  }

  readonly factory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    const write = socket.write.bind(socket);
    socket.write = (bytes: string | Uint8Array, ...rest: unknown[]): boolean => {
      const answer = Buffer.isBuffer(bytes) ? this.answerTo(bytes) : undefined;
      if (!answer) return Reflect.apply(write, socket, [bytes, ...rest]);
      setImmediate(() => socket.emit('data', answer));
      return true;
    };
    socket.on('data', (bytes: Buffer) => this.change(bytes));
    return socket;
  };

  /** A request: size, API key, version, correlation id. */
  private answerTo(request: Buffer): Buffer | undefined {
    const key = request.readInt16BE(4);
    const id = request.readInt32BE(8);
    if (key !== this.next) return undefined;
    if (key === HEARTBEAT) {
      this.heartbeats.add(id);
      return undefined;
    }
    this.next = undefined;
    this.answered.push('loading');
    this.told.resolve();
    const answer = Buffer.alloc(28);
    answer.writeInt32BE(24, 0);
    answer.writeInt32BE(id, 4);
    answer.writeInt16BE(COORDINATOR_LOAD_IN_PROGRESS, 12);
    return answer;
  }

  /** An answer: size, correlation id, throttle time, error. */
  private change(answer: Buffer): void {
    if (this.next !== HEARTBEAT || answer.length < 14 || !this.heartbeats.delete(answer.readInt32BE(4))) return;
    this.next = JOIN_GROUP;
    this.answered.push('not the coordinator');
    answer.writeInt16BE(NOT_COORDINATOR, 12);
  }
}

const stoodStill = new StoodStill();
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, socketFactory: stoodStill.factory });
const admin = kafka.admin();
const producer = kafka.producer();

beforeAll(async () => {
  await admin.connect();
  await producer.connect();
  await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
});

afterAll(async () => {
  await producer.disconnect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

it('goes on after it could not join again because its coordinator was loading', async () => {
  let handled = 0;
  let told = (): void => undefined;
  const consumer = new OrderedConsumer({
    kafka,
    groupId: `${topic}-group`,
    topics: [topic],
    unsettledBytes: 1_000_000,
    unsettledSpan: 1_000,
    drainLimitMs: 1_000,
    clock: systemClock,
    logger: createLogger('test', 'silent'),
    metrics: createMetrics('test'),
    handle: (records) => {
      handled += records.length;
      told();
      return records.map(() => Promise.resolve({ kind: 'settled' }));
    },
    onCrash: (error) => {
      throw error;
    },
  });
  /** Resolves when what it writes is handled. */
  const delivered = async (value: string): Promise<void> => {
    const before = handled;
    const done = new Promise<void>((resolve) => {
      told = () => {
        if (handled > before) resolve();
      };
    });
    await producer.send({ topic, messages: [{ value }] });
    await done;
  };

  await consumer.start();
  await delivered('before');
  await stoodStill.begin();
  await delivered('after');
  expect(stoodStill.answered).toEqual(['not the coordinator', 'loading']);
  await consumer.stop();
}, 20_000);
