import type { Clock } from '#libs/domain';
import type { KafkaMessage } from 'kafkajs';

import { type KafkaRecord, recordBytes } from '../record.ts';
import type { HandOver, RecordContext } from './hand-over.ts';
import type { Intake } from './intake.ts';
import type { Ticket } from './offset-tracker.ts';
import type { OwnedPartition } from './owned-partition.ts';
import type { Pace } from './pace.ts';
import { TakenRecords } from './taken-records.ts';
import type { Window } from './window.ts';

/** Records handed over in one go, before answers of endpoints get their turn. */
const AT_ONCE = 64;
const FULL_PAUSE_MS = 100;
const HEARTBEAT_EVERY_MS = 1_000;

/** Messages of one partition, as a fetch brought them. */
export interface Batch {
  readonly partition: OwnedPartition;
  readonly messages: readonly KafkaMessage[];
  /** Of the assignment in which they were fetched. */
  readonly context: RecordContext;
  /** False once nothing more of it may be taken. */
  readonly wanted: () => boolean;
  readonly heartbeat: () => Promise<void>;
  /** Told of each message up to which all were taken. */
  readonly taken: (last: KafkaMessage) => void;
}

/** Takes records from batches as the bounds, the pace and their due times let it, and hands them over. */
export class BatchTaker {
  private readonly window: Window;
  private readonly intake: Intake;
  private readonly pace: Pace;
  private readonly handOver: HandOver;
  private readonly unsettledSpan: number;
  private readonly clock: Clock;
  private readonly dueAt: ((record: KafkaRecord) => number) | undefined;
  private readonly pause: (partition: OwnedPartition, waitMs: number) => void;
  private readonly ended: () => void;
  private readonly taken = new TakenRecords();

  /**
   * @param given.pause lets nothing come from a partition for a time; what was not taken of its batch comes again
   * @param given.ended told whenever a record has ended
   */
  constructor(given: {
    window: Window;
    intake: Intake;
    pace: Pace;
    handOver: HandOver;
    unsettledSpan: number;
    clock: Clock;
    dueAt: ((record: KafkaRecord) => number) | undefined;
    pause: (partition: OwnedPartition, waitMs: number) => void;
    ended: () => void;
  }) {
    this.window = given.window;
    this.intake = given.intake;
    this.pace = given.pace;
    this.handOver = given.handOver;
    this.unsettledSpan = given.unsettledSpan;
    this.clock = given.clock;
    this.dueAt = given.dueAt;
    this.pause = given.pause;
    this.ended = given.ended;
  }

  /** Resolves when the batch was taken, or its partition pauses, or nothing more of it is wanted. */
  async take(batch: Batch): Promise<void> {
    const { partition, messages, wanted, heartbeat } = batch;
    for (let at = 0; at < messages.length && wanted();) {
      await this.room(batch, at);
      if (!wanted()) return;
      const { records, pauseMs } = this.next(batch, at);
      at += records.length;
      const last = messages[at - 1];
      if (last) batch.taken(last);
      await this.begin(records, batch);
      if (pauseMs > 0) {
        this.pause(partition, pauseMs);
        return;
      }
      await new Promise((resolve) => setImmediate(resolve));
      await heartbeat();
    }
  }

  /** Waits until the bound on unsettled bytes has room, and the worker could do more than it has. */
  private async room({ partition, messages, wanted, heartbeat }: Batch, from: number): Promise<void> {
    while (!this.window.hasRoom() && wanted()) {
      this.intake.block(partition, 'bytes', messages, from);
      await this.window.room(HEARTBEAT_EVERY_MS);
      await heartbeat();
    }
    this.intake.unblock(partition);
    await this.pace.turn();
  }

  /** The next records to begin with; a pause where the one after them may not be taken yet. */
  private next(
    { partition, messages }: Batch,
    from: number,
  ): { readonly records: readonly KafkaRecord[]; readonly pauseMs: number } {
    const records: KafkaRecord[] = [];
    let room = this.unsettledSpan - partition.tracker.span();
    partition.waitingAt = undefined;
    for (const message of messages.slice(from, from + AT_ONCE)) {
      if (room <= 0) {
        this.intake.block(partition, 'span', messages, from + records.length);
        return { records, pauseMs: FULL_PAUSE_MS };
      }
      const record = this.taken.from(partition.topic, partition.partition, message);
      const waitMs = this.dueAt ? this.dueAt(record) - this.clock.now() : 0;
      if (waitMs > 0) {
        partition.waitingAt = record.timestamp;
        return { records, pauseMs: waitMs };
      }
      records.push(record);
      room -= 1;
    }
    return { records, pauseMs: 0 };
  }

  /** Hands records over; those that a former owner settled, or that were taken before, are left out. */
  private async begin(records: readonly KafkaRecord[], { partition, context }: Batch): Promise<void> {
    const tickets: Ticket[] = [];
    const begun = records.filter((record) => {
      const ticket = partition.tracker.take(record.offset, recordBytes(record), record.timestamp);
      if (!ticket) return false;
      this.window.take(ticket.bytes);
      tickets.push(ticket);
      return true;
    });
    if (begun.length === 0) return;
    partition.inFlight += begun.length;
    const together = this.pace.begun(begun.length);
    await this.handOver.begin(begun, context, (outcome, index) => {
      const ticket = tickets[index];
      if (!ticket) return;
      this.window.give(ticket.bytes);
      if (outcome.kind === 'settled' && context.isCurrent()) partition.tracker.settle(ticket);
      partition.inFlight -= 1;
      this.pace.ended(together);
      this.ended();
    });
  }
}
