import type { LogPosition } from '#libs/domain';
import type { Backlog, DerivedRecords, DurableWriter, KafkaRecord, PartitionLog } from '#libs/kafka';

import { Pace } from './pace.ts';
import type { ReplayRun } from './replay-run.ts';

/** What is to be delivered once more. */
export interface ReplayedRecord {
  readonly record: Pick<KafkaRecord, 'key' | 'value' | 'headers'>;
  /** Where the event lies in the log. */
  readonly origin: LogPosition;
}

const MOST_AT_ONCE = 200;
const STEPS_PER_SECOND = 5;
/** A record that is only looked at counts as so much of one that is sent. */
const LOOK_COST = 0.05;
/** How many seconds' worth of records may wait for delivery before more are handed over. */
const AHEAD_SECONDS = 10;
const LOOK_AGAIN_MS = 500;

/** What every handing over needs, whichever replay it is for. */
export interface HandingOverParts {
  readonly writer: DurableWriter;
  readonly records: DerivedRecords;
  readonly backlog: Backlog;
  /** The topic that events are handed over in. */
  readonly log: PartitionLog;
  /** Events per second of one replay. */
  readonly rate: number;
}

/** Hands the events of one replay over for delivery, no faster than the rate, and never far ahead of the deliveries. */
export class HandingOver {
  private readonly parts: HandingOverParts;
  private readonly run: ReplayRun;
  private readonly pace: Pace;
  private partition: number | undefined;
  private sinceLook = Number.POSITIVE_INFINITY;

  constructor(parts: HandingOverParts, run: ReplayRun) {
    this.parts = parts;
    this.run = run;
    this.pace = new Pace(parts.rate, () => performance.now());
  }

  /** How many records are taken in one step: a crash repeats no more than these. */
  get step(): number {
    return Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(this.parts.rate / STEPS_PER_SECOND)));
  }

  /** True once all are acknowledged; false when the replay was no longer this worker's before that. @throws UnavailableError */
  async send(replayed: readonly ReplayedRecord[]): Promise<boolean> {
    const { writer, records } = this.parts;
    const { id, webhookId } = this.run.replay;
    if (replayed.length > 0) await this.room();
    const wanted = (): boolean => this.run.wanted;
    const written = await Promise.all(
      replayed.map(({ record, origin }) => writer.write(records.replay(record, webhookId, origin, id), wanted)),
    );
    this.sinceLook += replayed.length;
    return written.every(Boolean);
  }

  /** Waits as long as the rate wants it. */
  async rest(work: { readonly looked: number; readonly sent: number }): Promise<void> {
    await this.run.pause(this.pace.spend(work.sent + (work.looked - work.sent) * LOOK_COST));
  }

  /** Waits while too much of what was handed over is not delivered yet. */
  private async room(): Promise<void> {
    const { backlog, log, rate } = this.parts;
    if (this.sinceLook < rate) return;
    this.partition ??= await log.partitionOf(this.run.replay.webhookId);
    while (this.run.wanted && (await backlog.size(this.partition)) > rate * AHEAD_SECONDS) {
      await this.run.pause(LOOK_AGAIN_MS);
    }
    this.sinceLook = 0;
  }
}
