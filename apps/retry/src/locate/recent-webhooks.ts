import {
  type Clock,
  type GroupOf,
  messageOf,
  UnavailableError,
  type Webhook,
  type WebhookEvent,
  WebhookIndex,
} from '#libs/domain';
import { LRUCache } from 'lru-cache';

/** Reads webhooks from the store. Both throw UnavailableError when nothing can be read now. */
export interface WebhookReader {
  findWebhook(id: string): Promise<Webhook | undefined>;
  loadLiveWebhooks(customerId: string): Promise<readonly Webhook[]>;
}

type Unavailable = { readonly kind: 'unavailable'; readonly cause: Error };
/** One webhook, looked up by its id. */
export type WebhookLookup =
  { readonly kind: 'found'; readonly value: Webhook } | { readonly kind: 'missing' } | Unavailable;
/** The webhooks that receive an event. */
export type ReceiversLookup = { readonly kind: 'found'; readonly value: readonly Webhook[] } | Unavailable;

const FRESH_MS = 5_000;
const MAX_WEBHOOKS = 100_000;
const MAX_CUSTOMERS = 1_000;

/**
 * Webhooks as they were at most 5 s ago; while the store is away, as they were when it was last seen. That goes for those that want the
 * event. That one is gone or disabled, and who a customer's webhooks are, counts only for those who asked before the store did: an
 * event that was produced after a webhook was enabled again is not given up for what was known before.
 */
export class RecentWebhooks {
  private readonly reader: WebhookReader;
  private readonly groupOf: GroupOf;
  private readonly byWebhook: Recent<WebhookLookup>;
  private readonly byCustomer: Recent<{ readonly kind: 'found'; readonly index: WebhookIndex } | Unavailable>;

  constructor(given: { reader: WebhookReader; groupOf: GroupOf; clock: Clock }) {
    this.reader = given.reader;
    this.groupOf = given.groupOf;
    this.byWebhook = new Recent({
      max: MAX_WEBHOOKS,
      lasts: (answer) => answer.kind === 'found' && answer.value.status !== 'disabled',
      clock: given.clock,
    });
    this.byCustomer = new Recent({ max: MAX_CUSTOMERS, lasts: () => false, clock: given.clock });
  }

  /** Never rejects. */
  byId(webhookId: string): Promise<WebhookLookup> {
    return this.byWebhook.get(webhookId, async () => {
      const value = await this.reader.findWebhook(webhookId);
      return value ? { kind: 'found', value } : { kind: 'missing' };
    });
  }

  /** The webhooks of the event's customer that match it. Never rejects. */
  async ofCustomer(event: WebhookEvent): Promise<ReceiversLookup> {
    const lookup = await this.byCustomer.get(event.customerId, async () => ({
      kind: 'found',
      index: new WebhookIndex(await this.reader.loadLiveWebhooks(event.customerId), this.groupOf),
    }));
    return lookup.kind === 'found' ? { kind: 'found', value: lookup.index.match(event) } : lookup;
  }
}

/**
 * Answers of a look-up. Those that last are good for 5 s, and longer while asking again fails; the others are for those who had asked
 * when the store was, who share it. That the store is away is good for 5 s, too.
 */
class Recent<T extends { readonly kind: string }> {
  private readonly entries: LRUCache<string, { answer: T | Unavailable; until: number }>;
  private readonly asking = new Map<string, Promise<T | Unavailable>>();
  private readonly lasts: (answer: T | Unavailable) => boolean;
  private readonly clock: Clock;

  constructor(given: { max: number; lasts: (answer: T | Unavailable) => boolean; clock: Clock }) {
    this.entries = new LRUCache({ max: given.max });
    this.lasts = given.lasts;
    this.clock = given.clock;
  }

  async get(key: string, ask: () => Promise<T>): Promise<T | Unavailable> {
    const entry = this.entries.get(key);
    if (entry && this.clock.now() < entry.until) return entry.answer;
    const underway = this.asking.get(key);
    if (underway) {
      const answer = await underway;
      if (answer.kind === 'unavailable' || this.lasts(answer)) return answer;
    }
    // Whatever is under way now began after this call did.
    return this.asking.get(key) ?? this.begin(key, ask);
  }

  private begin(key: string, ask: () => Promise<T>): Promise<T | Unavailable> {
    const asked = this.ask(key, ask).finally(() => this.asking.delete(key));
    this.asking.set(key, asked);
    return asked;
  }

  private async ask(key: string, ask: () => Promise<T>): Promise<T | Unavailable> {
    const answer = await ask().catch((error: unknown): Unavailable => ({
      kind: 'unavailable',
      cause:
        error instanceof UnavailableError ? error : new UnavailableError('mongodb', messageOf(error), { cause: error }),
    }));
    const known = this.entries.get(key)?.answer;
    const kept = answer.kind === 'unavailable' && known && this.lasts(known) ? known : answer;
    if (kept.kind === 'unavailable' || this.lasts(kept)) {
      this.entries.set(key, { answer: kept, until: this.clock.now() + FRESH_MS });
    } else {
      this.entries.delete(key);
    }
    return kept;
  }
}
