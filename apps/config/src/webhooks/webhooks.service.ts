import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import { ControlAnnouncer } from '#libs/kafka';
import { SecretBox } from '#libs/runtime';
import {
  type ChangedWebhook,
  type ChangeOutcome,
  type StoredWebhook,
  WebhookChangeRepository,
  WebhookRepository,
  withChange,
} from '#libs/store';
import { Inject, Injectable } from '@nestjs/common';

import { conflict } from '../http/api-error.ts';
import { CLOCK, MAX_WEBHOOKS } from '../tokens.ts';
import { changeOf, type GivenFields, type NewWebhook } from './fields/webhook-fields.ts';
import { OwnHeaders } from './headers/own-headers.ts';
import { newSigningSecret } from './secrets/signing-secret.ts';

/**
 * Changes webhooks. A change counts once every worker is bound to learn of it; a new webhook that cannot be announced is taken back. Any
 * other change stays, and is announced as soon as that works: making it again changes nothing.
 */
@Injectable()
export class WebhooksService {
  private readonly webhooks: WebhookRepository;
  private readonly changes: WebhookChangeRepository;
  private readonly announcer: ControlAnnouncer;
  private readonly secretBox: SecretBox;
  private readonly headers: OwnHeaders;
  private readonly maxWebhooks: number;
  private readonly clock: Clock;

  constructor(
    @Inject(WebhookRepository) webhooks: WebhookRepository,
    @Inject(WebhookChangeRepository) changes: WebhookChangeRepository,
    @Inject(ControlAnnouncer) announcer: ControlAnnouncer,
    @Inject(SecretBox) secretBox: SecretBox,
    @Inject(OwnHeaders) headers: OwnHeaders,
    @Inject(MAX_WEBHOOKS) maxWebhooks: number,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.webhooks = webhooks;
    this.changes = changes;
    this.announcer = announcer;
    this.secretBox = secretBox;
    this.headers = headers;
    this.maxWebhooks = maxWebhooks;
    this.clock = clock;
  }

  /**
   * Stores a webhook; tells its signing secret, too.
   *
   * @throws ApiError 409 when the customer has as many as it may have
   * @throws UnavailableError, and nothing is stored; where MongoDB cannot be asked to take it back either, it may be, and is announced later.
   */
  async create(customerId: string, given: NewWebhook): Promise<{ webhook: StoredWebhook; secret: string }> {
    const { secret = newSigningSecret() } = given;
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
    const webhook = withChange(plain, { ...changeOf(given), headers: this.headers.after([], given.headers) }, now);
    await this.expectRoom(customerId, this.maxWebhooks - 1);
    try {
      // Not heard to be stored by a majority, it may be stored all the same.
      const pending = await this.webhooks.insert(webhook);
      await this.expectRoom(customerId, this.maxWebhooks);
      await this.announcer.announce(pending);
    } catch (error) {
      await this.webhooks.bury(webhook.id).catch(() => undefined);
      throw error;
    }
    return { webhook, secret: secret.text };
  }

  /**
   * Deletes a webhook; false when there is none in the scope. It does not come back: the retry app may have dropped what waited for it.
   *
   * @throws UnavailableError; it may be deleted, and is then announced as soon as that works.
   */
  async delete(id: string, scope: string | undefined): Promise<boolean> {
    const pending = await this.webhooks.bury(id, scope);
    if (!pending) return false;
    await this.announcer.announce(pending);
    return true;
  }

  /** Changes a webhook. @throws UnavailableError; it may be changed, and is then announced as soon as that works. */
  async change(which: ChangedWebhook, given: GivenFields): Promise<ChangeOutcome> {
    const outcome = await this.changes.change(which, (webhook, now) =>
      withChange(webhook, { ...changeOf(given), headers: this.headers.after(webhook.headers, given.headers) }, now),
    );
    if (outcome.kind === 'changed') await this.announcer.announce(outcome.control);
    return outcome;
  }

  /** Asked again once a webhook is there: of several at once none may pass the cap. @throws ApiError 409 */
  private async expectRoom(customerId: string, most: number): Promise<void> {
    if ((await this.webhooks.count(customerId)) <= most) return;
    const message = `A customer can have ${this.maxWebhooks} webhooks; delete one that is no longer needed.`;
    throw conflict('TOO_MANY_WEBHOOKS', message);
  }
}
