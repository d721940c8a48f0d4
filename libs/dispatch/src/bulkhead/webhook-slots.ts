interface Slots {
  busy: number;
  readonly waiting: Array<() => void>;
}

/** At most `limit` attempts at once per webhook; the others wait in the order they came. An idle webhook costs nothing. */
export class WebhookSlots {
  private readonly limit: number;
  private readonly slots = new Map<string, Slots>();

  /** @param limit attempts at once per webhook. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many webhooks have an attempt running. */
  get size(): number {
    return this.slots.size;
  }

  /** Runs a task as soon as its webhook has a free slot. */
  async run<T>(webhookId: string, task: () => Promise<T>): Promise<T> {
    const slots = this.slotsOf(webhookId);
    if (slots.busy >= this.limit) await new Promise<void>((resolve) => slots.waiting.push(resolve));
    else slots.busy += 1;
    try {
      return await task();
    } finally {
      const next = slots.waiting.shift();
      if (next) next();
      else slots.busy -= 1;
      if (slots.busy === 0) this.slots.delete(webhookId);
    }
  }

  private slotsOf(webhookId: string): Slots {
    const existing = this.slots.get(webhookId);
    if (existing) return existing;
    const created: Slots = { busy: 0, waiting: [] };
    this.slots.set(webhookId, created);
    return created;
  }
}
