import { randomUUID } from 'node:crypto';

import type { Clock, WebhookStatus } from '#libs/domain';
import { ControlAnnouncer } from '#libs/kafka';
import { SecretBox } from '#libs/runtime';
import { type StoredWebhook, WebhookRepository, WebhookStatusRepository } from '#libs/store';
import { Inject, Injectable } from '@nestjs/common';

import { CLOCK } from '../tokens.ts';
import type { NewWebhook } from './new-webhook.ts';
import { newSigningSecret } from './signing-secret.ts';

/**
 * Changes webhooks. A change counts once every worker is bound to learn of it; a webhook that cannot be announced is taken back, and so
 * is a deletion. A status stays, and is announced as soon as that works: setting it again changes nothing.
 */
@Injectable()
export class WebhooksService {
  private readonly webhooks: WebhookRepository;
  private readonly statuses: WebhookStatusRepository;
  private readonly announcer: ControlAnnouncer;
  private readonly secretBox: SecretBox;
  private readonly clock: Clock;

  constructor(
    @Inject(WebhookRepository) webhooks: WebhookRepository,
    @Inject(WebhookStatusRepository) statuses: WebhookStatusRepository,
    @Inject(ControlAnnouncer) announcer: ControlAnnouncer,
    @Inject(SecretBox) secretBox: SecretBox,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.webhooks = webhooks;
    this.statuses = statuses;
    this.announcer = announcer;
    this.secretBox = secretBox;
    this.clock = clock;
  }

  /** Stores a webhook; its signing secret is told here and nowhere else. @throws UnavailableError, and nothing is stored. */
  async create(customerId: string, given: NewWebhook): Promise<{ webhook: StoredWebhook; secret: string }> {
    const secret = newSigningSecret();
    const now = this.clock.now();
    const webhook: StoredWebhook = {
      id: randomUUID(),
      customerId,
      url: given.url,
      eventTypes: given.event_types,
      status: 'active',
      success: '200',
      signatures: given.signatures,
      secrets: [{ sealed: this.secretBox.seal(secret.bytes) }],
      createdAt: now,
      updatedAt: now,
    };
    const pending = await this.webhooks.insert(webhook);
    try {
      await this.announcer.announce(pending);
    } catch (error) {
      await this.webhooks.bury(webhook.id);
      throw error;
    }
    return { webhook, secret: secret.text };
  }

  /** Deletes a webhook; false when there is none in the scope. @throws UnavailableError, and it is still there. */
  async delete(id: string, scope: string | undefined): Promise<boolean> {
    const pending = await this.webhooks.bury(id, scope);
    if (!pending) return false;
    try {
      await this.announcer.announce(pending);
    } catch (error) {
      const revived = await this.webhooks.revive(pending);
      if (revived) throw error;
    }
    return true;
  }

  /** Disables a webhook or enables it again; undefined when there is none in the scope. @throws UnavailableError; it may have the status. */
  async turn(id: string, scope: string | undefined, status: WebhookStatus): Promise<StoredWebhook | undefined> {
    const changed =
      status === 'active' ? await this.statuses.enable(id, scope) : await this.statuses.disable(id, scope);
    if (changed) await this.announcer.announce(changed.control);
    return changed?.webhook;
  }
}
