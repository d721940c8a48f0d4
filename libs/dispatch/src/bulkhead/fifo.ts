const COMPACT_AT = 64;

/** First in, first out, in constant time however many wait. What was taken out is not kept. */
export class Fifo<T> {
  private items: Array<T | undefined> = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.items[this.head] = undefined;
    this.head += 1;
    if (this.head === this.items.length) this.restart([]);
    else if (this.head >= COMPACT_AT && this.head * 2 >= this.items.length) this.restart(this.items.slice(this.head));
    return item;
  }

  private restart(items: Array<T | undefined>): void {
    this.items = items;
    this.head = 0;
  }
}
