import { ControlAnnouncer } from '#libs/kafka';
import { SecretBox } from '#libs/runtime';
import { type ChangedWebhook, type ChangeOutcome, WebhookChangeRepository } from '#libs/store';
import { Inject, Injectable } from '@nestjs/common';

import { rotated, type TooManySecrets } from './rotated.ts';
import type { SigningSecret } from './signing-secret.ts';

/** Gives webhooks new signing secrets. */
@Injectable()
export class SecretsService {
  private readonly changes: WebhookChangeRepository;
  private readonly announcer: ControlAnnouncer;
  private readonly box: SecretBox;

  constructor(
    @Inject(WebhookChangeRepository) changes: WebhookChangeRepository,
    @Inject(ControlAnnouncer) announcer: ControlAnnouncer,
    @Inject(SecretBox) box: SecretBox,
  ) {
    this.changes = changes;
    this.announcer = announcer;
    this.box = box;
  }

  /**
   * Makes a secret the current one of a webhook.
   *
   * @throws UnavailableError; it may be current then, and is announced as soon as that works
   */
  async rotate(which: ChangedWebhook, next: SigningSecret): Promise<ChangeOutcome | TooManySecrets> {
    const outcome = await this.changes.change<TooManySecrets>(which, (webhook, now) => {
      const secrets = rotated(webhook.secrets, next, { box: this.box, now });
      return 'kind' in secrets ? secrets : { ...webhook, secrets };
    });
    if (outcome.kind === 'changed') await this.announcer.announce(outcome.control);
    return outcome;
  }
}
