import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import { ControlAnnouncer } from '#libs/kafka';
import { SecretBox } from '#libs/runtime';
import {
  type ChangedWebhook,
  type ChangeOutcome,
  type StoredWebhook,
  type WebhookChange,
  WebhookChangeRepository,
  WebhookRepository,
  withChange,
} from '#libs/store';
import { Inject, Injectable } from '@nestjs/common';

import { CLOCK } from '../tokens.ts';
import { changeOf, type NewWebhook } from './fields/webhook-fields.ts';
import { newSigningSecret } from './signing-secret.ts';

/**
 * Changes webhooks. A change counts once every worker is bound to learn of it; a new webhook that cannot be announced is taken back, and
 * so is a deletion. Any other change stays, and is announced as soon as that works: making it again changes nothing.
 */
@Injectable()
export class WebhooksService {
  private readonly webhooks: WebhookRepository;
  private readonly changes: WebhookChangeRepository;
  private readonly announcer: ControlAnnouncer;
  private readonly secretBox: SecretBox;
  private readonly clock: Clock;

  constructor(
    @Inject(WebhookRepository) webhooks: WebhookRepository,
    @Inject(WebhookChangeRepository) changes: WebhookChangeRepository,
    @Inject(ControlAnnouncer) announcer: ControlAnnouncer,
    @Inject(SecretBox) secretBox: SecretBox,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.webhooks = webhooks;
    this.changes = changes;
    this.announcer = announcer;
    this.secretBox = secretBox;
    this.clock = clock;
  }

  /** Stores a webhook; its signing secret is told here and nowhere else. @throws UnavailableError, and nothing is stored. */
  async create(customerId: string, given: NewWebhook): Promise<{ webhook: StoredWebhook; secret: string }> {
    const secret = newSigningSecret();
    const now = this.clock.now();
    const plain: StoredWebhook = {
      id: randomUUID(),
      customerId,
      revision: 1,
      url: given.url,
      eventTypes: given.event_types,
      status: 'active',
      success: '200',
      signatures: ['standard'],
      secrets: [{ sealed: this.secretBox.seal(secret.bytes) }],
      createdAt: now,
      updatedAt: now,
    };
    const webhook = withChange(plain, changeOf(given), now);
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

  /** Changes a webhook. @throws UnavailableError; it may be changed, and is then announced as soon as that works. */
  async change(which: ChangedWebhook, change: WebhookChange): Promise<ChangeOutcome> {
    const outcome = await this.changes.change(which, (webhook, now) => withChange(webhook, change, now));
    if (outcome.kind === 'changed') await this.announcer.announce(outcome.control);
    return outcome;
  }
}
