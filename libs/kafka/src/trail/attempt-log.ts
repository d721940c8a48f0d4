import { type AttemptRecord, messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { DurableWriter } from '../derived/durable-writer.ts';

/** Writes attempt records as bytes. */
export interface AttemptEncoder {
  /** Resolves once `encode` can be used. @throws when the schema registry is away. */
  ready(): Promise<void>;
  encode(record: AttemptRecord): Buffer;
}

const RETRY_MS = 1_000;

/** The trail: every attempt, and every delivery that was held or ends without an attempt, becomes a record. */
export class AttemptLog {
  private readonly encoder: AttemptEncoder;
  private readonly topic: string;
  private readonly writer: DurableWriter;
  private readonly logger: Logger;
  private prepared = false;

  /** @param given.topic where attempt records are written. */
  constructor(given: { encoder: AttemptEncoder; topic: string; writer: DurableWriter; logger: Logger }) {
    this.encoder = given.encoder;
    this.topic = given.topic;
    this.writer = given.writer;
    this.logger = given.logger;
  }

  /** True once the record is durable; false when `wanted` turned false before that. */
  append(record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    if (!this.prepared) return this.prepareAndAppend(record, wanted);
    return this.writer.write({ topic: this.topic, key: record.webhookId, value: this.encoder.encode(record) }, wanted);
  }

  private async prepareAndAppend(record: AttemptRecord, wanted: () => boolean): Promise<boolean> {
    while (!this.prepared) {
      if (!wanted()) return false;
      try {
        await this.encoder.ready();
        this.prepared = true;
      } catch (error) {
        this.logger.error({ err: error }, `attempt not recorded yet, its offset stays open: ${messageOf(error)}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return this.append(record, wanted);
  }
}
