import type { Clock } from '#libs/domain';
import { type AccessKey, AccessKeyRepository, CustomerRepository } from '#libs/store';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { issueToken } from '../access/access-token.ts';
import { Changes } from '../audit/changes.ts';
import { notFound } from '../http/api-error.ts';
import { type PageBody, pageBody, readPage } from '../http/paging.ts';
import { readBody } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { CLOCK } from '../tokens.ts';
import { accessKeyView, type shownAccessKey, type shownNewAccessKey } from './access-key-view.ts';
import { createAccessKey, listAccessKeys, revokeAccessKey } from './access-keys.description.ts';
import { newAccessKeySchema } from './new-access-key.ts';

/** Customers' keys to this API; for the operator. */
@Controller('customers/:customerId/accesskeys')
@UseGuards(AccessGuard, OperatorGuard)
export class AccessKeysController {
  private readonly customers: CustomerRepository;
  private readonly accessKeys: AccessKeyRepository;
  private readonly clock: Clock;
  private readonly schema: ReturnType<typeof newAccessKeySchema>;

  constructor(
    @Inject(CustomerRepository) customers: CustomerRepository,
    @Inject(AccessKeyRepository) accessKeys: AccessKeyRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.customers = customers;
    this.accessKeys = accessKeys;
    this.clock = clock;
    this.schema = newAccessKeySchema(() => clock.now());
  }

  /** The only answer that holds the token. */
  @Post()
  @Describes(createAccessKey)
  @HttpCode(201)
  @Changes('access_key.create')
  async create(
    @Param('customerId') givenId: string,
    @Req() request: Request,
  ): Promise<Shown<typeof shownNewAccessKey>> {
    const customerId = await this.ownerOf(givenId);
    const body = await readBody(request, this.schema);
    const { id, token, secretHash } = issueToken();
    const key: AccessKey = {
      id,
      customerId,
      name: body.name,
      secretHash,
      scopes: body.scopes,
      createdAt: this.clock.now(),
      expiresAt: body.tm_expire,
    };
    await this.accessKeys.insert(key);
    return { ...accessKeyView(key), token };
  }

  @Get()
  @Describes(listAccessKeys)
  async list(
    @Param('customerId') givenId: string,
    @Req() request: Request,
  ): Promise<PageBody<Shown<typeof shownAccessKey>>> {
    const customerId = await this.ownerOf(givenId);
    const page = readPage(request);
    const found = await this.accessKeys.list({ customerId, after: page.after, limit: page.size + 1 });
    return pageBody(found, page, ({ id }) => id, accessKeyView);
  }

  /** Every request is checked against the store, so the key opens nothing from the answer on. */
  @Delete(':keyId')
  @Describes(revokeAccessKey)
  @HttpCode(204)
  @Changes('access_key.revoke')
  async revoke(@Param('customerId') givenId: string, @Param('keyId') keyId: string): Promise<void> {
    if (!(await this.accessKeys.remove(keyId, givenId.toLowerCase()))) throw notFound('The access key');
  }

  private async ownerOf(givenId: string): Promise<string> {
    const customerId = givenId.toLowerCase();
    if (!(await this.customers.exists(customerId))) throw notFound('The customer');
    return customerId;
  }
}
