import { type Clock, type GroupOf, messageOf, UnavailableError, type Webhook, WebhookIndex } from '#libs/domain';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';

import type { LookupMetrics } from './lookup-metrics.ts';

/** Loads a customer's active webhooks. @throws UnavailableError when they cannot be loaded now. */
export type LoadWebhooks = (customerId: string) => Promise<readonly Webhook[]>;

/** What is known of a customer's webhooks. Not being able to load them is never "has none". */
export type Lookup =
  { readonly kind: 'known'; readonly index: WebhookIndex } | { readonly kind: 'unavailable'; readonly cause: Error };

interface Entry {
  readonly index: WebhookIndex;
  freshUntil: number;
}

interface Failure {
  readonly cause: Error;
  readonly at: number;
}

interface Load {
  readonly lookup: Promise<Lookup>;
}

const FRESH_MS = 60_000;
const STALE_RETRY_MS = 5_000;
/** A customer that could not be loaded is not loaded again for so long; during an outage, none is. */
const FAILURE_MS = 1_000;
const MAX_WEBHOOKS = 500_000;
const MAX_FAILURES = 10_000;
/** After an assignment every customer is new: so many at once, since the others would only wait for a connection, and give up. */
const LOADS_AT_ONCE = 16;

/**
 * The webhooks of the customers seen lately. A control record drops a customer, and throws away a load that began before it; an
 * assignment drops everybody; an entry is loaded anew after a minute, but stays in use while that fails.
 */
export class CustomerWebhooks {
  private readonly load: LoadWebhooks;
  private readonly groupOf: GroupOf;
  private readonly clock: Clock;
  private readonly metrics: LookupMetrics;
  private readonly entries = new LRUCache<string, Entry>({
    maxSize: MAX_WEBHOOKS,
    sizeCalculation: ({ index }) => index.size + 1,
  });
  private readonly failures = new LRUCache<string, Failure>({ max: MAX_FAILURES });
  private readonly loads = new Map<string, Load>();
  private readonly inTurn = pLimit(LOADS_AT_ONCE);
  private failedInRow = 0;
  private outage: Failure | undefined;

  constructor(given: { load: LoadWebhooks; groupOf: GroupOf; clock: Clock; metrics: LookupMetrics }) {
    this.load = given.load;
    this.groupOf = given.groupOf;
    this.clock = given.clock;
    this.metrics = given.metrics;
    this.metrics.cached(() => this.entries.size);
  }

  /** At once when the customer is known; a promise, which never rejects, while its webhooks are loaded. */
  lookup(customerId: string): Lookup | Promise<Lookup> {
    const found = this.find(customerId);
    if (found instanceof Promise) return this.counted(found);
    this.metrics.looked(found.kind === 'known' ? 'hit' : 'unavailable');
    return found;
  }

  /** Forgets a customer's webhooks: they changed. */
  drop(customerId: string): void {
    this.entries.delete(customerId);
    this.failures.delete(customerId);
    this.loads.delete(customerId);
  }

  /** Forgets everything: control records may have passed while another worker owned the partitions. */
  clear(): void {
    this.entries.clear();
    this.failures.clear();
    this.loads.clear();
  }

  private async counted(loading: Promise<Lookup>): Promise<Lookup> {
    const found = await loading;
    this.metrics.looked(found.kind === 'known' ? 'miss' : 'unavailable');
    return found;
  }

  private find(customerId: string): Lookup | Promise<Lookup> {
    const entry = this.entries.get(customerId);
    if (entry) {
      if (this.clock.now() >= entry.freshUntil) this.refresh(customerId, entry);
      return { kind: 'known', index: entry.index };
    }
    const failure = this.failures.get(customerId);
    if (this.isRecent(failure)) return { kind: 'unavailable', cause: failure.cause };
    return this.underway(customerId).lookup;
  }

  private underway(customerId: string): Load {
    const existing = this.loads.get(customerId);
    if (existing) return existing;
    const load: Load = { lookup: Promise.resolve().then(() => this.finish(customerId, load)) };
    this.loads.set(customerId, load);
    return load;
  }

  private async finish(customerId: string, load: Load): Promise<Lookup> {
    const result = await this.loadNow(customerId);
    if (this.loads.get(customerId) !== load) return this.find(customerId);
    this.loads.delete(customerId);
    if (result.kind === 'known') {
      this.entries.set(customerId, { index: result.index, freshUntil: this.clock.now() + FRESH_MS });
    } else {
      const { cause } = result;
      const at = cause === this.outage?.cause ? this.outage.at : this.clock.now();
      this.failures.set(customerId, { cause, at });
    }
    return result;
  }

  private refresh(customerId: string, entry: Entry): void {
    entry.freshUntil = this.clock.now() + STALE_RETRY_MS;
    void this.underway(customerId);
  }

  private async loadNow(customerId: string): Promise<Lookup> {
    try {
      const webhooks = await this.inTurn(() => this.loadUnlessOut(customerId));
      return { kind: 'known', index: new WebhookIndex(webhooks, this.groupOf) };
    } catch (error) {
      if (error instanceof UnavailableError) return { kind: 'unavailable', cause: error };
      return { kind: 'unavailable', cause: new UnavailableError('mongodb', messageOf(error), { cause: error }) };
    }
  }

  /** Not where the clock was set back: that would be recent for as long. */
  private isRecent(failure: Failure | undefined): failure is Failure {
    if (!failure) return false;
    const passed = this.clock.now() - failure.at;
    return passed >= 0 && passed < FAILURE_MS;
  }

  /**
   * When as many in a row failed as are loaded at once, it is no accident of one connection: whoever waits would be told the same,
   * seconds later, and those behind them after them.
   */
  private async loadUnlessOut(customerId: string): Promise<readonly Webhook[]> {
    if (this.isRecent(this.outage)) throw this.outage.cause;
    try {
      const webhooks = await this.load(customerId);
      this.failedInRow = 0;
      return webhooks;
    } catch (error) {
      this.failedInRow += 1;
      if (this.failedInRow >= LOADS_AT_ONCE && error instanceof Error) {
        this.outage = { cause: error, at: this.clock.now() };
      }
      throw error;
    }
  }
}
