import { setTimeout as delay } from 'node:timers/promises';

import type { Kafka } from '#libs/kafka';

import type { Records } from './event-values.ts';

type Producer = ReturnType<Kafka['producer']>;

const RECORDS_PER_REQUEST = 5_000;
const BYTES_PER_REQUEST = 4_000_000;
const ACKS_ALL = -1;
/** What Kafka's own producer waits for more by default since 4.0 (`linger.ms`): a request for every event would measure the broker. */
const LINGER_MS = 5;

/** Milliseconds since the epoch, with fractions. */
const now = (): number => performance.timeOrigin + performance.now();

/** Puts events on a topic in the order of their numbers: all at once, or at a fixed rate. */
export class LogWriter {
  private readonly producer: Producer;
  private readonly topic: string;

  private constructor(producer: Producer, topic: string) {
    this.producer = producer;
    this.topic = topic;
  }

  static async open(kafka: Kafka, topic: string): Promise<LogWriter> {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return new LogWriter(producer, topic);
  }

  /** Writes the events 0 to `count - 1`, many to a request. */
  async write(records: Records, count: number): Promise<void> {
    let messages: Array<ReturnType<Records['record']>> = [];
    let bytes = 0;
    for (let number = 0; number < count; number++) {
      const record = records.record(number);
      messages.push(record);
      bytes += record.value.length;
      if (number === count - 1 || messages.length === RECORDS_PER_REQUEST || bytes >= BYTES_PER_REQUEST) {
        await this.producer.send({ topic: this.topic, messages, acks: ACKS_ALL });
        messages = [];
        bytes = 0;
      }
    }
  }

  /**
   * Writes the events 0 to `count - 1` at a rate, those that became due within 5 ms together, once the request before is through.
   * @returns when each event was handed to the producer, in milliseconds since the epoch
   */
  async pace(records: Records, count: number, perSecond: number): Promise<Float64Array> {
    const sentAt = new Float64Array(count);
    const started = now();
    let next = 0;
    while (next < count) {
      const at = now();
      const due = Math.min(count, Math.ceil(((at - started) / 1_000) * perSecond));
      const messages: Array<ReturnType<Records['record']>> = [];
      for (; next < due; next++) {
        sentAt[next] = at;
        messages.push(records.record(next));
      }
      if (messages.length > 0) await this.producer.send({ topic: this.topic, messages, acks: ACKS_ALL });
      const restMs = LINGER_MS - (now() - at);
      if (restMs > 0) await delay(restMs);
    }
    return sentAt;
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}
