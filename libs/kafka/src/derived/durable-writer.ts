import { CodedError, messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { SettlementMetrics } from '../metrics/settlement-metrics.ts';
import type { OutgoingRecord } from '../record.ts';

/** What the writer needs of a producer. */
export interface Sender {
  send(record: OutgoingRecord): Promise<unknown>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Writes derived records until they are durable: a write that fails is tried again, never skipped. */
export class DurableWriter {
  private readonly sender: Sender;
  private readonly logger: Logger;
  private readonly metrics: SettlementMetrics;

  constructor(given: { sender: Sender; logger: Logger; metrics: SettlementMetrics }) {
    this.sender = given.sender;
    this.logger = given.logger;
    this.metrics = given.metrics;
  }

  /** True once the record is acknowledged by all in-sync replicas; false when `wanted` turned false before that. */
  write(record: OutgoingRecord, wanted: () => boolean): Promise<boolean> {
    if (!wanted()) return Promise.resolve(false);
    return this.sender.send(record).then(
      () => true,
      (error: unknown) => this.insist(record, wanted, error),
    );
  }

  private async insist(record: OutgoingRecord, wanted: () => boolean, failure: unknown): Promise<boolean> {
    let error = failure;
    for (let pause = FIRST_PAUSE_MS; wanted(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      this.metrics.writeFailed(record.topic);
      const code = error instanceof CodedError ? error.code : 'UNEXPECTED';
      this.logger.error(
        { code, topic: record.topic },
        `record not written, its offset stays open: ${messageOf(error)}`,
      );
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (!wanted()) return false;
      try {
        await this.sender.send(record);
        return true;
      } catch (again) {
        error = again;
      }
    }
    return false;
  }
}
