import { messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { KafkaRecord } from '../record.ts';

/** What a handler made of a record. An abandoned record stays unsettled: it comes again to whoever owns the partition next. */
export type RecordOutcome = { readonly kind: 'settled' } | { readonly kind: 'abandoned' };

/** What a handler knows about the assignment it works in. */
export interface RecordContext {
  /** False once the partition was given up: nothing that is begun after that counts. Needs no `this`. */
  readonly isCurrent: () => boolean;
}

export type RecordOutcomes = ReadonlyArray<Promise<RecordOutcome>>;

/**
 * Takes some records of one partition, in the order of the log, and begins with all of them; the answer has one promise for each, in
 * the same order. A record is settled when its promise resolves so; nobody waits for that before the next records come.
 */
export type HandleRecords = (
  records: readonly KafkaRecord[],
  context: RecordContext,
) => RecordOutcomes | Promise<RecordOutcomes>;

const RETRY_MS = 1_000;
/** What a handler gave that answered with fewer promises than it got records. */
const NO_OUTCOME: Promise<RecordOutcome> = Promise.resolve({ kind: 'abandoned' });

/** Hands records to a handler. One that throws is a defect: its record is handed over again after a second, its neighbours go on. */
export class HandOver {
  private readonly handle: HandleRecords;
  private readonly logger: Logger;

  constructor(handle: HandleRecords, logger: Logger) {
    this.handle = handle;
    this.logger = logger;
  }

  /**
   * Resolves once the handler has begun with the records.
   * @param done called once for each record, with its place among them, when its outcome is known.
   */
  async begin(
    records: readonly KafkaRecord[],
    context: RecordContext,
    done: (outcome: RecordOutcome, index: number) => void,
  ): Promise<void> {
    const outcomes = await this.handed(records, context);
    for (const [index, record] of records.entries()) {
      const settled = (outcome: RecordOutcome): void => done(outcome, index);
      (outcomes[index] ?? NO_OUTCOME).then(settled, (error: unknown) => {
        void this.again(record, error, context).then(settled);
      });
    }
  }

  private async handed(records: readonly KafkaRecord[], context: RecordContext): Promise<RecordOutcomes> {
    try {
      return await this.handle(records, context);
    } catch (error) {
      return records.map(() => Promise.reject(error));
    }
  }

  private async again(record: KafkaRecord, failure: unknown, context: RecordContext): Promise<RecordOutcome> {
    const { topic, partition, offset } = record;
    const where = { topic, partition, offset };
    for (let error = failure; context.isCurrent();) {
      this.logger.error({ err: error, ...where }, `handler failed, trying again: ${messageOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      if (!context.isCurrent()) break;
      try {
        const [outcome] = await this.handle([record], context);
        return await (outcome ?? NO_OUTCOME);
      } catch (thrown) {
        error = thrown;
      }
    }
    return { kind: 'abandoned' };
  }
}
