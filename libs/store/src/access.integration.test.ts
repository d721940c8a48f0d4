import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestDatabase } from '../testing/database.ts';
import { type AccessKey, AccessKeyRepository } from './access-key-repository.ts';
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
  const created = 1_767_225_600_000;
  const aKey = (given: Partial<AccessKey> = {}): AccessKey => ({
    id: randomUUID(),
    customerId: randomUUID(),
    name: 'ci',
    secretHash: 'ab'.repeat(32),
    scopes: ['read'],
    createdAt: created,
    ...given,
  });

  beforeAll(async () => {
    await keys.ensureIndexes();
    await keys.ensureIndexes();
  });

  it('finds a key by its id', async () => {
    const [lasting, ending] = [aKey(), aKey({ expiresAt: created + 1_000 })];
    await keys.insert(lasting);
    await keys.insert(ending);
    expect(await keys.find(lasting.id)).toEqual(lasting);
    expect(await keys.find(ending.id)).toEqual(ending);
    expect(await keys.find(randomUUID())).toBeUndefined();
  });

  it('lets a key from before there were scopes do everything', async () => {
    const key = aKey();
    await keys.insert(key);
    await database.db.collection<{ _id: string }>('access_keys').updateOne({ _id: key.id }, { $unset: { scopes: '' } });
    expect((await keys.find(key.id))?.scopes).toEqual(['read', 'write']);
  });

  it("lists a customer's keys only, page by page", async () => {
    const customerId = randomUUID();
    const made = Array.from({ length: 5 }, () => aKey({ customerId }));
    for (const key of [...made, aKey()]) await keys.insert(key);
    const ids = made.map(({ id }) => id).toSorted();
    const first = await keys.list({ customerId, after: undefined, limit: 3 });
    const rest = await keys.list({ customerId, after: first.at(-1)?.id, limit: 3 });
    expect([first, rest].map((page) => page.map(({ id }) => id))).toEqual([ids.slice(0, 3), ids.slice(3)]);
  });

  it("removes a customer's own key only", async () => {
    const key = aKey();
    await keys.insert(key);
    expect(await keys.remove(key.id, randomUUID())).toBe(false);
    expect(await keys.remove(key.id, key.customerId)).toBe(true);
    expect(await keys.remove(key.id, key.customerId)).toBe(false);
    expect(await keys.find(key.id)).toBeUndefined();
  });

  it('notes a use unless a late one is noted, and brings no removed key back', async () => {
    const key = aKey();
    const noted = async (at: number): Promise<number | undefined> => {
      await keys.noteUse(key.id, at, at - 60_000);
      return (await keys.find(key.id))?.lastUsedAt;
    };
    await keys.insert(key);
    expect(await noted(created)).toBe(created);
    expect(await noted(created + 59_999)).toBe(created);
    expect(await noted(created + 60_000)).toBe(created + 60_000);
    await keys.remove(key.id, key.customerId);
    expect(await noted(created + 600_000)).toBeUndefined();
  });
});
