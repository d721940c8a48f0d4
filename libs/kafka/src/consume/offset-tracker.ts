/** One record between being taken and being settled. */
export interface Ticket {
  readonly offset: number;
  readonly bytes: number;
  settled: boolean;
}

/**
 * The unsettled offsets of one partition, in one assignment of it.
 *
 * Invariant: the committable offset never passes an unsettled one.
 */
export class OffsetTracker {
  private readonly tickets: Array<Ticket | undefined> = [];
  private head = 0;
  private next: number | undefined;

  /** Notes that a record was taken; undefined when that offset was taken before (the log was read again). */
  take(offset: number, bytes: number): Ticket | undefined {
    if (this.next !== undefined && offset < this.next) return undefined;
    const ticket: Ticket = { offset, bytes, settled: false };
    this.tickets.push(ticket);
    this.next = offset + 1;
    return ticket;
  }

  /** Notes that a record is done. Any order; doing it twice changes nothing. */
  settle(ticket: Ticket): void {
    ticket.settled = true;
    while (this.tickets[this.head]?.settled) {
      this.tickets[this.head] = undefined;
      this.head += 1;
    }
    if (this.head > COMPACT_AT && this.head * 2 > this.tickets.length) {
      this.tickets.splice(0, this.head);
      this.head = 0;
    }
  }

  /** The offset to commit: the smallest unsettled one, or the one after the newest taken; undefined before the first. */
  committable(): number | undefined {
    return this.tickets[this.head]?.offset ?? this.next;
  }

  /** How far apart the oldest unsettled and the newest taken offset are. */
  span(): number {
    const oldest = this.tickets[this.head]?.offset;
    return oldest === undefined || this.next === undefined ? 0 : this.next - oldest;
  }

  /** How many records are unsettled. */
  unsettled(): number {
    let count = 0;
    for (let index = this.head; index < this.tickets.length; index += 1) if (!this.tickets[index]?.settled) count += 1;
    return count;
  }
}

const COMPACT_AT = 1_024;
