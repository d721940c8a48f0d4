/** Tasks with the same key run one after the other, in the order they came; tasks with different keys run side by side. */
export class KeyLanes {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** How many lanes have work. */
  get size(): number {
    return this.tails.size;
  }

  /** Whether a lane has work. */
  busy(key: string): boolean {
    return this.tails.has(key);
  }

  /** Runs a task when those before it in its lane are done; one that failed does not hold back the next. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key);
    const result = before ? before.then(task) : task();
    const tail = result
      .catch(() => undefined)
      .finally(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    this.tails.set(key, tail);
    return result;
  }
}
