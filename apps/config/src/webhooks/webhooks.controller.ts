import { Catalogue } from '#libs/event-schemas';
import { CustomerRepository, type StoredWebhook, WebhookRepository } from '#libs/store';
import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { principalOf, scopeOf } from '../access/principal.ts';
import { Changes } from '../audit/changes.ts';
import { invalidFields, notFound } from '../http/api-error.ts';
import { expectedRevisions, tagRevision } from '../http/entity-tag.ts';
import { type PageBody, pageBody, readPage } from '../http/paging.ts';
import { readBody, readChanges } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { ALLOW_HTTP } from '../tokens.ts';
import { changedWebhook } from './changed-webhook.ts';
import { Endpoints } from './endpoints.ts';
import { type NewWebhook, newWebhookSchema, webhookChangeSchema, webhookFields } from './fields/webhook-fields.ts';
import { OwnedWebhooks } from './owned-webhooks.ts';
import { type shownNewWebhook, type shownWebhook, webhookView } from './webhook-view.ts';
import { createWebhook, deleteWebhook, getWebhook, listWebhooks, updateWebhook } from './webhooks.description.ts';
import { WebhooksService } from './webhooks.service.ts';

/** Webhooks. A customer sees its own; the operator sees all. */
@Controller('webhooks')
@UseGuards(AccessGuard)
export class WebhooksController {
  private readonly service: WebhooksService;
  private readonly owned: OwnedWebhooks;
  private readonly endpoints: Endpoints;
  private readonly webhooks: WebhookRepository;
  private readonly customers: CustomerRepository;
  private readonly newWebhook: ReturnType<typeof newWebhookSchema>;
  private readonly webhookChange: ReturnType<typeof webhookChangeSchema>;

  constructor(
    @Inject(WebhooksService) service: WebhooksService,
    @Inject(OwnedWebhooks) owned: OwnedWebhooks,
    @Inject(Endpoints) endpoints: Endpoints,
    @Inject(WebhookRepository) webhooks: WebhookRepository,
    @Inject(CustomerRepository) customers: CustomerRepository,
    @Inject(Catalogue) catalogue: Catalogue,
    @Inject(ALLOW_HTTP) allowHttp: boolean,
  ) {
    this.service = service;
    this.owned = owned;
    this.endpoints = endpoints;
    this.webhooks = webhooks;
    this.customers = customers;
    const fields = webhookFields(catalogue, allowHttp);
    this.newWebhook = newWebhookSchema(fields);
    this.webhookChange = webhookChangeSchema(fields);
  }

  @Post()
  @Describes(createWebhook)
  @HttpCode(201)
  @Changes('webhook.create')
  async create(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Shown<typeof shownNewWebhook>> {
    const body = await readBody(request, this.newWebhook);
    const customerId = await this.ownerOf(request, body);
    await this.endpoints.expectAllowed(body.url);
    const { webhook, secret } = await this.service.create(customerId, body);
    return { ...shown(webhook, response), secret };
  }

  @Get()
  @Describes(listWebhooks)
  async list(@Req() request: Request): Promise<PageBody<Shown<typeof shownWebhook>>> {
    const page = readPage(request);
    const found = await this.webhooks.list({ customerId: scopeOf(request), after: page.after, limit: page.size + 1 });
    return pageBody(found, page, ({ id }) => id, webhookView);
  }

  @Get(':id')
  @Describes(getWebhook)
  async read(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Shown<typeof shownWebhook>> {
    return shown(await this.owned.find(id, request), response);
  }

  @Patch(':id')
  @Describes(updateWebhook)
  @Changes('webhook.update')
  async change(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Shown<typeof shownWebhook>> {
    await this.owned.find(id, request);
    const revisions = expectedRevisions(request);
    const body = await readChanges(request, this.webhookChange);
    if (body.url !== undefined) await this.endpoints.expectAllowed(body.url);
    const outcome = await this.service.change({ id, customerId: scopeOf(request), revisions }, body);
    return shown(changedWebhook(outcome), response);
  }

  @Delete(':id')
  @Describes(deleteWebhook)
  @HttpCode(204)
  @Changes('webhook.delete')
  async delete(@Param('id') id: string, @Req() request: Request): Promise<void> {
    if (!(await this.service.delete(id, scopeOf(request)))) throw notFound('The webhook');
  }

  private async ownerOf(request: Request, body: NewWebhook): Promise<string> {
    const principal = principalOf(request);
    if (principal.kind === 'customer') {
      if (body.customer_id === undefined || body.customer_id === principal.customerId) return principal.customerId;
      throw invalidFields([{ field: 'customer_id', message: 'can only be given with the operator key' }]);
    }
    if (body.customer_id === undefined) {
      throw invalidFields([{ field: 'customer_id', message: 'is required with the operator key' }]);
    }
    if (await this.customers.exists(body.customer_id)) return body.customer_id;
    throw invalidFields([{ field: 'customer_id', message: 'is not the id of a customer' }]);
  }
}

function shown(webhook: StoredWebhook, response: Response): Shown<typeof shownWebhook> {
  tagRevision(response, webhook.revision);
  return webhookView(webhook);
}
