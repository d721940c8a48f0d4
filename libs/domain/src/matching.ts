import { admits } from './filter/admits.ts';
import type { Webhook } from './webhook.ts';

/** The part of an event that decides who receives it. */
export interface Matchable {
  readonly type: string;
  readonly resourceType: string;
  /** `data.id`, where the data has one. */
  readonly resourceId?: string;
  /** The event as its endpoint gets it, parsed; looked at only for webhooks with a filter. */
  readonly fields?: unknown;
}

/** Finds the group (the row of the public event table) of a resource type; undefined when it has none or is unknown. */
export type GroupOf = (resourceType: string) => string | undefined;

const EVERYTHING = '*';
const FAMILY_SUFFIX = '_*';
/** The resource type of events that tell of a webhook itself. */
const WEBHOOK = 'webhook';

/**
 * A customer's webhooks that are not disabled, indexed by selector: finding the receivers of an event takes four look-ups,
 * however many webhooks do not match.
 *
 * `<name>_*` selects every event whose `resource_type` is exactly `<name>`, or whose resource type belongs to the group `<name>`.
 * An event that tells of a webhook goes to the customer's other ones: this one would not get it, or fail once more over it.
 */
export class WebhookIndex {
  private readonly everything: Webhook[] = [];
  private readonly byType = new Map<string, Webhook[]>();
  private readonly byFamily = new Map<string, Webhook[]>();
  private readonly groupOf: GroupOf;
  private filtered = false;
  /** How many webhooks the index holds. */
  readonly size: number;

  constructor(webhooks: readonly Webhook[], groupOf: GroupOf) {
    this.groupOf = groupOf;
    this.size = webhooks.length;
    for (const webhook of webhooks) {
      if (webhook.status === 'disabled') continue;
      this.filtered ||= webhook.filter !== undefined;
      for (const selector of new Set(webhook.eventTypes)) this.listFor(selector).push(webhook);
    }
  }

  /**
   * The webhooks that receive `event`, each once, in the order in which they were given to the index. One whose filter cannot be read is
   * among them: its attempts fail, so that nothing is lost.
   */
  match(event: Matchable): readonly Webhook[] {
    const selecting = this.filtered
      ? this.selecting(event).filter(({ filter }) => passes(filter, event))
      : this.selecting(event);
    return event.resourceType === WEBHOOK ? selecting.filter(({ id }) => id !== event.resourceId) : selecting;
  }

  private selecting({ type, resourceType }: Matchable): readonly Webhook[] {
    const group = this.groupOf(resourceType);
    let found = both(this.everything, this.byType.get(type));
    found = both(found, this.byFamily.get(resourceType));
    return group === undefined || group === resourceType ? found : both(found, this.byFamily.get(group));
  }

  private listFor(selector: string): Webhook[] {
    if (selector === EVERYTHING) return this.everything;
    if (!selector.endsWith(FAMILY_SUFFIX)) return listIn(this.byType, selector);
    return listIn(this.byFamily, selector.slice(0, -FAMILY_SUFFIX.length));
  }
}

function passes(filter: Webhook['filter'], event: Matchable): boolean {
  return filter?.kind !== 'filter' || admits(filter.filter, event.fields);
}

function listIn(map: Map<string, Webhook[]>, key: string): Webhook[] {
  const existing = map.get(key);
  if (existing) return existing;
  const created: Webhook[] = [];
  map.set(key, created);
  return created;
}

/** Those of both lists, each once. No list has one twice. */
function both(some: readonly Webhook[], others: readonly Webhook[] = []): readonly Webhook[] {
  if (others.length === 0) return some;
  return some.length === 0 ? others : [...new Set([...some, ...others])];
}
