import { type AttemptOutcome, type LogPosition, sequenceOf, type Webhook, type WebhookEvent } from '#libs/domain';
import type { Dispatcher, WebhookSlots } from '#libs/dispatch';
import type { KeyLanes } from '#libs/kafka';

/** What became of a first attempt. `dropped`: the partition was given up before the attempt began. */
export type SendOutcome = AttemptOutcome | { readonly kind: 'dropped' };

const FIRST_ATTEMPT = 1;

/** Sends first attempts: one after the other per (webhook, resource), otherwise side by side up to the webhook's limit. */
export class WebhookSender {
  private readonly dispatcher: Dispatcher;
  private readonly lanes: KeyLanes;
  private readonly slots: WebhookSlots;

  constructor(given: { dispatcher: Dispatcher; lanes: KeyLanes; slots: WebhookSlots }) {
    this.dispatcher = given.dispatcher;
    this.lanes = given.lanes;
    this.slots = given.slots;
  }

  send(event: WebhookEvent, webhook: Webhook, position: LogPosition, wanted: () => boolean): Promise<SendOutcome> {
    return this.lanes.run(`${webhook.id}/${event.resourceId || event.id}`, () =>
      this.slots.run(webhook.id, async (): Promise<SendOutcome> => {
        if (!wanted()) return { kind: 'dropped' };
        const request = {
          webhook,
          eventId: event.id,
          body: event.body,
          sequence: sequenceOf(position),
          attempt: FIRST_ATTEMPT,
        };
        return new Promise((resolve) => this.dispatcher.attempt(request, { onOutcome: resolve, onEnd: () => {} }));
      }),
    );
  }
}
