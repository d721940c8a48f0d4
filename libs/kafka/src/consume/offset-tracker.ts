import { encodeSettled, type OffsetRange } from './settled-ranges.ts';

/** One record between being taken and being settled. */
export interface Ticket {
  readonly offset: number;
  readonly bytes: number;
  /** The record's time stamp, milliseconds since the epoch. */
  readonly timestamp: number;
  settled: boolean;
}

/** What a commit says of a partition. */
export interface CommitPoint {
  readonly offset: number;
  /** The settled offsets above it, for whoever owns the partition next. */
  readonly metadata: string | null;
}

/**
 * The unsettled offsets of one partition, in one assignment of it.
 *
 * Invariant: the committable offset never passes an unsettled one.
 */
export class OffsetTracker {
  private readonly tickets: Ticket[] = [];
  private head = 0;
  private next: number | undefined;
  private readonly settledBefore: readonly OffsetRange[];
  private range = 0;

  /** @param settledBefore what a former owner settled above the offset it committed, in ascending order. */
  constructor(settledBefore: readonly OffsetRange[] = []) {
    this.settledBefore = settledBefore;
  }

  /**
   * Notes that a record was taken. Undefined when nothing is left to do for it: it was taken before (the log was read again), or a
   * former owner of the partition settled it.
   */
  take(offset: number, bytes: number, timestamp: number): Ticket | undefined {
    if (offset < (this.next ?? 0)) return undefined;
    this.next = offset + 1;
    const settled = this.wasSettledBefore(offset);
    const ticket: Ticket = { offset, bytes, timestamp, settled };
    this.tickets.push(ticket);
    if (!settled) return ticket;
    this.advance();
    return undefined;
  }

  /** Notes that a record is done. Any order; doing it twice changes nothing. */
  settle(ticket: Ticket): void {
    ticket.settled = true;
    this.advance();
  }

  /** What to commit: the smallest unsettled offset, or the one after the newest taken; undefined before the first record. */
  commitPoint(): CommitPoint | undefined {
    if (this.next === undefined) return undefined;
    const offset = this.oldest()?.offset ?? this.next;
    return { offset, metadata: encodeSettled(offset, this.settledAbove(this.next)) };
  }

  /** The oldest record that is not settled. */
  oldest(): Ticket | undefined {
    return this.tickets[this.head];
  }

  /** The offset after the newest taken one. */
  get end(): number | undefined {
    return this.next;
  }

  /** How far apart the oldest unsettled and the newest taken offset are. */
  span(): number {
    return this.next === undefined ? 0 : this.next - (this.oldest()?.offset ?? this.next);
  }

  private advance(): void {
    while (this.tickets[this.head]?.settled) this.head += 1;
    if (this.head > COMPACT_AT && this.head * 2 > this.tickets.length) {
      this.tickets.splice(0, this.head);
      this.head = 0;
    }
  }

  /** Offsets without a record (compaction, transactions) belong to the settled ones before them. */
  private *settledAbove(end: number): Generator<OffsetRange> {
    let first: number | undefined;
    for (const ticket of this.tickets.slice(this.head)) {
      if (ticket.settled) first ??= ticket.offset;
      else if (first !== undefined) {
        yield { first, last: ticket.offset - 1 };
        first = undefined;
      }
    }
    if (first !== undefined) yield { first, last: end - 1 };
    for (const range of this.settledBefore) {
      if (range.last >= end) yield { first: Math.max(range.first, end), last: range.last };
    }
  }

  private wasSettledBefore(offset: number): boolean {
    let range = this.settledBefore[this.range];
    while (range && range.last < offset) {
      this.range += 1;
      range = this.settledBefore[this.range];
    }
    return range !== undefined && range.first <= offset;
  }
}

const COMPACT_AT = 1_024;
