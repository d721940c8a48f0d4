import { randomUUID } from 'node:crypto';

import { type Clock } from '#libs/domain';
import { CustomerRepository } from '#libs/store';
import { Controller, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { showTime } from '../http/time-span.ts';
import { AccessGuard, OperatorGuard } from '../access/access.guard.ts';
import { Changes } from '../audit/changes.ts';
import { ApiError } from '../http/api-error.ts';
import { readBody } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { CLOCK } from '../tokens.ts';
import { createCustomer, newCustomer, type shownCustomer } from './customers.description.ts';

/** Customers; for the operator. */
@Controller('customers')
@UseGuards(AccessGuard, OperatorGuard)
export class CustomersController {
  private readonly customers: CustomerRepository;
  private readonly clock: Clock;

  constructor(@Inject(CustomerRepository) customers: CustomerRepository, @Inject(CLOCK) clock: Clock) {
    this.customers = customers;
    this.clock = clock;
  }

  @Post()
  @Describes(createCustomer)
  @HttpCode(201)
  @Changes('customer.create')
  async create(@Req() request: Request): Promise<Shown<typeof shownCustomer>> {
    const body = await readBody(request, newCustomer);
    const customer = { id: body.id ?? randomUUID(), name: body.name, createdAt: this.clock.now() };
    if (!(await this.customers.insert(customer))) {
      throw new ApiError('CUSTOMER_EXISTS', `A customer with the id ${customer.id} exists already.`, {
        details: [{ field: 'id', message: 'is taken' }],
      });
    }
    return { id: customer.id, name: customer.name, tm_create: showTime(customer.createdAt) };
  }
}
