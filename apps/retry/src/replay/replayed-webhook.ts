import type { Clock, GroupOf, Webhook, WebhookEvent } from '#libs/domain';
import { WebhookIndex } from '#libs/domain';
import type { WebhookRepository } from '#libs/store';

/** Whether a replay still has somebody to deliver to. */
export type ReplayedWebhook =
  | { readonly kind: 'active'; readonly wants: (event: WebhookEvent) => boolean }
  | { readonly kind: 'gone'; readonly message: string };

const FRESH_MS = 5_000;

/** Looks a replay's webhook up again every few seconds: it may be changed, disabled or deleted meanwhile. */
export class ReplayedWebhooks {
  private readonly webhooks: Pick<WebhookRepository, 'findWebhook'>;
  private readonly groupOf: GroupOf;
  private readonly clock: Clock;

  constructor(given: { webhooks: Pick<WebhookRepository, 'findWebhook'>; groupOf: GroupOf; clock: Clock }) {
    this.webhooks = given.webhooks;
    this.groupOf = given.groupOf;
    this.clock = given.clock;
  }

  /**
   * Asks for a webhook, at most every 5 s.
   *
   * @param eventTypes selectors that an event must fit besides the webhook's own
   */
  watch(webhookId: string, eventTypes?: readonly string[]): () => Promise<ReplayedWebhook> {
    let known: ReplayedWebhook | undefined;
    let until = 0;
    return async () => {
      if (known && this.clock.now() < until) return known;
      known = this.judge(await this.webhooks.findWebhook(webhookId), eventTypes);
      until = this.clock.now() + FRESH_MS;
      return known;
    };
  }

  private judge(webhook: Webhook | undefined, eventTypes: readonly string[] | undefined): ReplayedWebhook {
    if (!webhook) return { kind: 'gone', message: 'the webhook was deleted' };
    if (webhook.status !== 'active') return { kind: 'gone', message: `the webhook is ${webhook.status}` };
    const own = new WebhookIndex([webhook], this.groupOf);
    const asked = eventTypes && new WebhookIndex([{ ...webhook, eventTypes }], this.groupOf);
    return {
      kind: 'active',
      wants: (event) => own.match(event).length > 0 && (!asked || asked.match(event).length > 0),
    };
  }
}
