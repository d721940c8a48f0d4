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
  loadActiveWebhooks(customerId: string): Promise<readonly Webhook[]>;
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

/** Webhooks as they were at most 5 s ago; while the store is away, as they were when it was last seen. */
export class RecentWebhooks {
  private readonly reader: WebhookReader;
  private readonly groupOf: GroupOf;
  private readonly byWebhook: Recent<WebhookLookup>;
  private readonly byCustomer: Recent<{ readonly kind: 'found'; readonly index: WebhookIndex } | Unavailable>;

  constructor(given: { reader: WebhookReader; groupOf: GroupOf; clock: Clock }) {
    this.reader = given.reader;
    this.groupOf = given.groupOf;
    this.byWebhook = new Recent(MAX_WEBHOOKS, given.clock);
    this.byCustomer = new Recent(MAX_CUSTOMERS, given.clock);
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
      index: new WebhookIndex(await this.reader.loadActiveWebhooks(event.customerId), this.groupOf),
    }));
    return lookup.kind === 'found' ? { kind: 'found', value: lookup.index.match(event) } : lookup;
  }
}

/** Answers of a look-up, each good for 5 s, and longer while asking again fails. Those who ask at the same time share one question. */
class Recent<T extends { readonly kind: string }> {
  private readonly entries: LRUCache<string, { answer: T | Unavailable; until: number }>;
  private readonly asking = new Map<string, Promise<T | Unavailable>>();
  private readonly clock: Clock;

  constructor(max: number, clock: Clock) {
    this.entries = new LRUCache({ max });
    this.clock = clock;
  }

  get(key: string, ask: () => Promise<T>): Promise<T | Unavailable> {
    const entry = this.entries.get(key);
    if (entry && this.clock.now() < entry.until) return Promise.resolve(entry.answer);
    const underway = this.asking.get(key);
    if (underway) return underway;
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
    const kept = answer.kind === 'unavailable' && known && known.kind !== 'unavailable' ? known : answer;
    this.entries.set(key, { answer: kept, until: this.clock.now() + FRESH_MS });
    return kept;
  }
}
