import { type AttemptOutcome, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import type { Dispatcher, WebhookSlots } from '#libs/dispatch';
import type { DeliveryHistory } from '#libs/kafka';

/** What became of an attempt. `dropped`: the partition was given up before the attempt began. */
export type SendOutcome = AttemptOutcome | { readonly kind: 'dropped' };

/** Sends later attempts, side by side up to each webhook's limit. Their order is not kept. */
export class RetrySender {
  private readonly dispatcher: Dispatcher;
  private readonly slots: WebhookSlots;

  constructor(given: { dispatcher: Dispatcher; slots: WebhookSlots }) {
    this.dispatcher = given.dispatcher;
    this.slots = given.slots;
  }

  send(event: WebhookEvent, webhook: Webhook, history: DeliveryHistory, wanted: () => boolean): Promise<SendOutcome> {
    return this.slots.run(webhook.id, async (): Promise<SendOutcome> => {
      if (!wanted()) return { kind: 'dropped' };
      const request = {
        webhook,
        eventId: event.id,
        body: event.body,
        sequence: sequenceOf(history.origin),
        attempt: history.attempts + 1,
      };
      return new Promise((resolve) => this.dispatcher.attempt(request, { onOutcome: resolve, onEnd: () => {} }));
    });
  }
}
