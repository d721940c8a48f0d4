import { setTimeout as pauseFor } from 'node:timers/promises';

import type { Kafka } from '#libs/kafka';

import type { Records } from '../../../bench/data/event-values.ts';

type Producer = ReturnType<Kafka['producer']>;

const ACKS_ALL = -1;
/** After a broker was away, what became due meanwhile follows in requests of this size. */
const RECORDS_PER_REQUEST = 1_000;
const EVERY_MS = 5;
/** The client gives up a broker that refuses connections after five attempts, whatever it is told. */
const ATTEMPTS = 1_000;
const AGAIN_AFTER_MS = 200;

/**
 * A steady stream of numbered events, in order and each exactly once whatever happens to the broker: one request at a time, from
 * an idempotent producer, again until it is acknowledged.
 */
export class Load {
  private readonly producer: Producer;
  private readonly topic: string;
  private readonly records: Records;
  private readonly perSecond: number;
  private readonly handedOver: number[] = [];
  private count = 0;
  private stopped = false;
  private closing = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(given: { producer: Producer; topic: string; records: Records; perSecond: number }) {
    this.producer = given.producer;
    this.topic = given.topic;
    this.records = given.records;
    this.perSecond = given.perSecond;
  }

  static async open(given: { kafka: Kafka; topic: string; records: Records; perSecond: number }): Promise<Load> {
    const producer = given.kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return new Load({ ...given, producer });
  }

  /** How many events are acknowledged. */
  get produced(): number {
    return this.count;
  }

  /** When each event was handed to the producer, in milliseconds since the epoch. */
  get sentAt(): readonly number[] {
    return this.handedOver;
  }

  start(): void {
    this.stopped = false;
    this.running = this.run();
  }

  /** Writes the next `events` at once. */
  async burst(events: number): Promise<void> {
    await this.write(this.count + events);
  }

  /** Ends the stream; resolves with the number of events that are in the log. */
  async stop(): Promise<number> {
    this.stopped = true;
    await this.running;
    return this.count;
  }

  /** Ends the stream; a broker that does not come back is not waited for. */
  async close(): Promise<void> {
    this.closing = true;
    try {
      await this.stop();
    } finally {
      await this.producer.disconnect();
    }
  }

  private async run(): Promise<void> {
    const before = this.count;
    const started = performance.now();
    while (!this.stopped) {
      await pauseFor(EVERY_MS);
      await this.write(before + Math.floor(((performance.now() - started) / 1_000) * this.perSecond));
    }
  }

  /** The same records in the same request have the same sequence numbers: the broker takes them once. */
  private async untilAcknowledged(messages: ReturnType<Records['record']>[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.producer.send({ topic: this.topic, messages, acks: ACKS_ALL });
        return;
      } catch (error) {
        if (attempt === ATTEMPTS || this.closing) throw error;
        await pauseFor(AGAIN_AFTER_MS);
      }
    }
  }

  private async write(until: number): Promise<void> {
    while (this.count < until) {
      const size = Math.min(RECORDS_PER_REQUEST, until - this.count);
      const now = Date.now();
      for (let index = 0; index < size; index += 1) this.handedOver.push(now);
      const messages = Array.from({ length: size }, (_, index) => this.records.record(this.count + index));
      await this.untilAcknowledged(messages);
      this.count += size;
    }
  }
}
