/**
 * Lets what became ready in one turn of the event loop leave together at its end. A request that is written alone wakes up whoever
 * reads it, and costs more than twice as much as one that follows another.
 */
export class Departures<T> {
  private readonly leave: (item: T) => void;
  private ready: T[] = [];

  constructor(leave: (item: T) => void) {
    this.leave = leave;
  }

  add(item: T): void {
    if (this.ready.push(item) === 1) setImmediate(() => this.leaveAll());
  }

  private leaveAll(): void {
    const ready = this.ready;
    this.ready = [];
    for (const item of ready) this.leave(item);
  }
}
