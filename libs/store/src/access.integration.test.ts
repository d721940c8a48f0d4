import { randomUUID } from 'node:crypto';

import { afterAll, describe, expect, it } from '@jest/globals';

import { TestDatabase } from '../testing/database.ts';
import { AccessKeyRepository } from './access-key-repository.ts';
import { CustomerRepository } from './customer-repository.ts';

const database = new TestDatabase('access');
const customers = new CustomerRepository(database.store);
const keys = new AccessKeyRepository(database.store);

afterAll(() => database.drop());

describe('CustomerRepository', () => {
  it('takes an id once', async () => {
    const customer = { id: randomUUID(), name: 'Example', createdAt: 1_767_225_600_000 };
    expect(await customers.exists(customer.id)).toBe(false);
    expect(await customers.insert(customer)).toBe(true);
    expect(await customers.insert({ ...customer, name: 'Another' })).toBe(false);
    expect(await customers.exists(customer.id)).toBe(true);
  });

  it('lets exactly one of several win the same id', async () => {
    const customer = { id: randomUUID(), name: 'Example', createdAt: 1_767_225_600_000 };
    const taken = await Promise.all(Array.from({ length: 5 }, () => customers.insert(customer)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });
});

describe('AccessKeyRepository', () => {
  it('finds a key by its id', async () => {
    await keys.ensureIndexes();
    await keys.ensureIndexes();
    const key = {
      id: randomUUID(),
      customerId: randomUUID(),
      name: 'ci',
      secretHash: 'ab'.repeat(32),
      createdAt: 1_767_225_600_000,
    };
    await keys.insert(key);
    expect(await keys.find(key.id)).toEqual(key);
    expect(await keys.find(randomUUID())).toBeUndefined();
  });
});
