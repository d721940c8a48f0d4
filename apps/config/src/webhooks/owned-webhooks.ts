import { type StoredWebhook, WebhookRepository } from '#libs/store';
import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';

import { scopeOf } from '../access/principal.ts';
import { notFound } from '../http/api-error.ts';

/** Webhooks that a request may see: the customer's own, all for the operator. */
@Injectable()
export class OwnedWebhooks {
  private readonly webhooks: WebhookRepository;

  constructor(@Inject(WebhookRepository) webhooks: WebhookRepository) {
    this.webhooks = webhooks;
  }

  /** To be asked before the input is judged. @throws ApiError 404 for what does not exist and for somebody else's */
  async find(id: string, request: Request): Promise<StoredWebhook> {
    const webhook = await this.webhooks.find(id, scopeOf(request));
    if (!webhook) throw notFound('The webhook');
    return webhook;
  }
}
