import { type AttemptRecord, messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { DurableWriter } from './durable-writer.ts';

/** Writes attempt records as bytes. */
export interface AttemptEncoder {
  /** Resolves once `encode` can be used. @throws when the schema registry is away. */
  ready(): Promise<void>;
  encode(record: AttemptRecord): Buffer;
}

const RETRY_MS = 1_000;

/** The trail: every attempt, and every delivery that was held or given up, becomes a record. */
export class AttemptLog {
  private readonly topic: string;
  private readonly encoder: AttemptEncoder;
  private readonly writer: DurableWriter;
  private readonly logger: Logger;
  private prepared = false;

  constructor(given: { topic: string; encoder: AttemptEncoder; writer: DurableWriter; logger: Logger }) {
    this.topic = given.topic;
    this.encoder = given.encoder;
    this.writer = given.writer;
    this.logger = given.logger;
  }

  /** True once the record is durable; false when `wanted` turned false before that. */
  append(record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    return this.prepared ? this.write(record, wanted) : this.prepareAndWrite(record, wanted);
  }

  private write(record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    const value = this.encoder.encode(record);
    return this.writer.write({ topic: this.topic, key: record.webhookId, value }, wanted);
  }

  private async prepareAndWrite(record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    while (!this.prepared && wanted()) {
      try {
        await this.encoder.ready();
        this.prepared = true;
      } catch (error) {
        this.logger.error({ err: error }, `attempt not recorded yet, its offset stays open: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return this.prepared ? this.write(record, wanted) : false;
  }
}
