/** What can be in a list: the links are the list's own. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
}

/** A list of which any item can be taken out at once. An item is in one list at a time. */
export class LinkedList<T extends Linked<T>> {
  private head: T | undefined;
  private tail: T | undefined;
  private count = 0;

  get size(): number {
    return this.count;
  }

  get first(): T | undefined {
    return this.head;
  }

  get last(): T | undefined {
    return this.tail;
  }

  /** All items, in their order, in an array of its own. */
  all(): T[] {
    const items: T[] = [];
    for (let item = this.head; item; item = item.after) items.push(item);
    return items;
  }

  append(item: T): void {
    item.before = this.tail;
    if (this.tail) this.tail.after = item;
    else this.head = item;
    this.tail = item;
    this.count += 1;
  }

  /** Takes an item out that is in this list. */
  remove(item: T): void {
    const { before, after } = item;
    if (before) before.after = after;
    else this.head = after;
    if (after) after.before = before;
    else this.tail = before;
    item.before = undefined;
    item.after = undefined;
    this.count -= 1;
  }
}
