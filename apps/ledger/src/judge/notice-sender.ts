import { CodedError } from '#libs/domain';
import { type Catalogue, type EventEncoder, fromJson } from '#libs/event-schemas';
import type { ControlAnnouncer, RecordProducer } from '#libs/kafka';
import type { PendingNotices, WebhookStatusRepository } from '#libs/store';

import { WEBHOOK_RESOURCE, webhookEvent } from './webhook-event.ts';

/**
 * Tells of a decision: first the owners of the partitions, so that nothing behind the event goes to a webhook that it says is disabled,
 * then the customer. What was sent is crossed off afterwards: a crash in between sends the same event again.
 */
export class NoticeSender {
  private readonly topic: string;
  private readonly catalogue: Catalogue;
  private readonly encoder: EventEncoder;
  private readonly producer: Pick<RecordProducer, 'send'>;
  private readonly announcer: Pick<ControlAnnouncer, 'announce'>;
  private readonly statuses: WebhookStatusRepository;

  /** @param given.topic the topic of events. */
  constructor(given: {
    topic: string;
    catalogue: Catalogue;
    encoder: EventEncoder;
    producer: Pick<RecordProducer, 'send'>;
    announcer: Pick<ControlAnnouncer, 'announce'>;
    statuses: WebhookStatusRepository;
  }) {
    this.topic = given.topic;
    this.catalogue = given.catalogue;
    this.encoder = given.encoder;
    this.producer = given.producer;
    this.announcer = given.announcer;
    this.statuses = given.statuses;
  }

  /** @throws UnavailableError or RegistrationError when something does not answer; what is left stays to be sent. */
  async send({ webhook, notices, control }: PendingNotices): Promise<void> {
    if (control) await this.announcer.announce(control);
    for (const notice of notices) {
      const value = await this.encoded(webhookEvent(webhook, notice));
      await this.producer.send({ topic: this.topic, key: webhook.customerId, value });
      await this.statuses.noticed(webhook.id, notice.id);
    }
  }

  private async encoded(event: Readonly<Record<string, unknown>>): Promise<Buffer> {
    const entry = this.catalogue.resourceTypes.get(WEBHOOK_RESOURCE);
    const checked = entry && fromJson(entry, event);
    if (checked?.ok) return this.encoder.encode(WEBHOOK_RESOURCE, checked.value);
    const details = JSON.stringify(checked?.details ?? 'there is no schema');
    throw new CodedError('SCHEMA_MISMATCH', `an event about a webhook does not fit schemas/webhook.avsc: ${details}`);
  }
}
