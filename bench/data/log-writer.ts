import type { Kafka } from '#libs/kafka';

type Producer = ReturnType<Kafka['producer']>;

const RECORDS_PER_REQUEST = 5_000;
const BYTES_PER_REQUEST = 4_000_000;

/** Writes events ahead of a run, many to a request. */
export class LogWriter {
  private readonly producer: Producer;

  private constructor(producer: Producer) {
    this.producer = producer;
  }

  static async open(kafka: Kafka): Promise<LogWriter> {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return new LogWriter(producer);
  }

  /** Writes the events `first` to `first + count - 1`, in that order. */
  async write(
    topic: string,
    records: { record(number: number): { key: string; value: Buffer } },
    first: number,
    count: number,
  ): Promise<void> {
    let messages: { key: string; value: Buffer }[] = [];
    let bytes = 0;
    for (let number = first; number < first + count; number++) {
      const record = records.record(number);
      messages.push(record);
      bytes += record.value.length;
      const last = number === first + count - 1;
      if (last || messages.length === RECORDS_PER_REQUEST || bytes >= BYTES_PER_REQUEST) {
        await this.producer.send({ topic, messages, acks: -1 });
        messages = [];
        bytes = 0;
      }
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}
