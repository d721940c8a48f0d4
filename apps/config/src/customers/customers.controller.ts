import { randomUUID } from 'node:crypto';

import { type Clock } from '#libs/domain';
import { AccessKeyRepository, CustomerRepository } from '#libs/store';
import { Controller, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';

import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { issueToken } from '../access/access-token.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { readBody } from '../http/read-body.ts';
import { CLOCK } from '../tokens.ts';
import { customerId } from './customer-id.ts';

const name = z
  .string({ error: 'is required: text of 1 to 200 characters' })
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(200, { error: 'must have at most 200 characters' });

const newCustomer = z.strictObject({ name, id: customerId.optional() });
const newAccessKey = z.strictObject({ name });

/** Customers and their access keys; for the operator. */
@Controller('customers')
@UseGuards(AccessGuard, OperatorGuard)
export class CustomersController {
  private readonly customers: CustomerRepository;
  private readonly accessKeys: AccessKeyRepository;
  private readonly clock: Clock;

  constructor(
    @Inject(CustomerRepository) customers: CustomerRepository,
    @Inject(AccessKeyRepository) accessKeys: AccessKeyRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.customers = customers;
    this.accessKeys = accessKeys;
    this.clock = clock;
  }

  @Post()
  @HttpCode(201)
  async create(@Req() request: Request): Promise<object> {
    const body = await readBody(request, newCustomer);
    const customer = { id: body.id ?? randomUUID(), name: body.name, createdAt: this.clock.now() };
    if (!(await this.customers.insert(customer))) {
      throw new ApiError('ALREADY_EXISTS', 'CUSTOMER_EXISTS', `A customer with the id ${customer.id} exists already.`, [
        { field: 'id', message: 'is taken' },
      ]);
    }
    return { id: customer.id, name: customer.name, tm_create: new Date(customer.createdAt).toISOString() };
  }

  @Post(':id/accesskeys')
  @HttpCode(201)
  async createAccessKey(@Param('id') givenId: string, @Req() request: Request): Promise<object> {
    const ownerId = givenId.toLowerCase();
    if (!(await this.customers.exists(ownerId))) throw notFound('The customer');
    const body = await readBody(request, newAccessKey);
    const { id, token, secretHash } = issueToken();
    const createdAt = this.clock.now();
    await this.accessKeys.insert({ id, customerId: ownerId, name: body.name, secretHash, createdAt });
    return { id, customer_id: ownerId, name: body.name, token, tm_create: new Date(createdAt).toISOString() };
  }
}
