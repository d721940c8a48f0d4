import { Catalogue } from '#libs/event-schemas';
import { CustomerRepository, WebhookRepository } from '#libs/store';
import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard } from '../access/access.guard.ts';
import { principalOf, scopeOf } from '../access/principal.ts';
import { invalidFields, notFound } from '../http/api-error.ts';
import { pageBody, readPage } from '../http/paging.ts';
import { readBody } from '../http/read-body.ts';
import { ALLOW_HTTP } from '../tokens.ts';
import { Endpoints } from './endpoints.ts';
import { type NewWebhook, newWebhookSchema } from './new-webhook.ts';
import { OwnedWebhooks } from './owned-webhooks.ts';
import { webhookChange } from './webhook-change.ts';
import { webhookView } from './webhook-view.ts';
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
  private readonly schema: ReturnType<typeof newWebhookSchema>;

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
    this.schema = newWebhookSchema(catalogue, allowHttp);
  }

  @Post()
  @HttpCode(201)
  async create(@Req() request: Request): Promise<object> {
    const body = await readBody(request, this.schema);
    const customerId = await this.ownerOf(request, body);
    await this.endpoints.expectAllowed(body.url);
    const { webhook, secret } = await this.service.create(customerId, body);
    return { ...webhookView(webhook), secret };
  }

  @Get()
  async list(@Req() request: Request): Promise<object> {
    const page = readPage(request);
    const found = await this.webhooks.list({ customerId: scopeOf(request), after: page.after, limit: page.size + 1 });
    return pageBody(found, page, ({ id }) => id, webhookView);
  }

  @Get(':id')
  async read(@Param('id') id: string, @Req() request: Request): Promise<object> {
    const webhook = await this.webhooks.find(id, scopeOf(request));
    if (!webhook) throw notFound('The webhook');
    return webhookView(webhook);
  }

  @Patch(':id')
  async change(@Param('id') id: string, @Req() request: Request): Promise<object> {
    await this.owned.find(id, request);
    const { status } = await readBody(request, webhookChange);
    const webhook = await this.service.turn(id, scopeOf(request), status);
    if (!webhook) throw notFound('The webhook');
    return webhookView(webhook);
  }

  @Delete(':id')
  @HttpCode(204)
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
