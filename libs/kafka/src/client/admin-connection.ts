import { messageOf, UnavailableError } from '#libs/domain';
import type { Admin, Kafka } from 'kafkajs';

import { within } from './within.ts';

const LIMIT_MS = 5_000;
/** One that is still being made may take as long as Kafka is away. */
const CLOSE_LIMIT_MS = 3_000;

/** One admin connection, made on first use and kept; made anew after a failure. */
export class AdminConnection {
  private readonly kafka: Kafka;
  private admin: Promise<Admin> | undefined;
  private closed = false;

  constructor(kafka: Kafka) {
    this.kafka = kafka;
  }

  /** Runs a request. @throws UnavailableError when Kafka does not answer within 5 s, or the connection was closed. */
  async use<T>(request: (admin: Admin) => Promise<T>): Promise<T> {
    if (this.closed) throw new UnavailableError('kafka', 'the admin connection is closed');
    const connection = this.connected();
    try {
      return await within(LIMIT_MS, connection.then(request));
    } catch (error) {
      void this.drop(connection);
      throw new UnavailableError('kafka', `Kafka does not answer: ${messageOf(error)}`, { cause: error });
    }
  }

  /** How many partitions a topic has now. @throws UnavailableError */
  async partitionCount(topic: string): Promise<number> {
    const { topics } = await this.use((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
    return topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
  }

  /** Ends the connection; what is asked afterwards is refused. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.admin) await within(CLOSE_LIMIT_MS, this.drop(this.admin)).catch(() => undefined);
  }

  /** The one that took its place meanwhile carries requests of others. */
  private async drop(connection: Promise<Admin>): Promise<void> {
    if (this.admin === connection) this.admin = undefined;
    await connection.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  private connected(): Promise<Admin> {
    this.admin ??= this.connect();
    return this.admin;
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}
