import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MAX_RETRY_AGE_MS } from '#libs/domain';

import { TestDatabase } from '../testing/database.ts';
import { RateSlotRepository } from './rate-slot-repository.ts';

const START = Date.UTC(2026, 0, 1);
const database = new TestDatabase('rate-slots');
const slots = new RateSlotRepository(database.store);
const reserve = (webhookId: string, count: number, now = START, rate = 5): Promise<number> =>
  slots.reserve({ webhookId, rate, count, now });

beforeAll(() => slots.ensureIndexes());
afterAll(() => database.drop());

describe('slots', () => {
  it('are each reserved once, however many ask at a time', async () => {
    const id = randomUUID();
    const firsts = await Promise.all(Array.from({ length: 40 }, () => reserve(id, 3)));
    const expected = Array.from({ length: 40 }, (_, index) => START + index * 600);
    expect(firsts.toSorted((one, other) => one - other)).toEqual(expected);
  });

  it('that went by unused are not made up for', async () => {
    const id = randomUUID();
    expect(await reserve(id, 1)).toBe(START);
    expect(await reserve(id, 1, START + 60_000)).toBe(START + 60_000);
    expect(await reserve(id, 1, START + 60_000)).toBe(START + 60_200);
  });

  it('of another webhook, or under another limit, are others', async () => {
    const id = randomUUID();
    await reserve(id, 1_000);
    expect([await reserve(randomUUID(), 1), await reserve(id, 1, START, 6)]).toEqual([START, START]);
  });

  it('are not reserved beyond the time for which anybody waits', async () => {
    const id = randomUUID();
    const [first, horizon] = [await reserve(id, 3 * 3_600 * 5), START + MAX_RETRY_AGE_MS];
    expect(first).toBe(START);
    await reserve(id, 70 * 3_600 * 5);
    expect([await reserve(id, 1), await reserve(id, 1)]).toEqual([horizon, horizon]);
    expect(await reserve(id, 1, START + 3_600_000)).toBe(START + 73 * 3_600_000);
  });

  it('are removed by MongoDB once nobody asks any more', async () => {
    const id = randomUUID();
    await reserve(id, 1);
    const collection = database.db.collection<{ _id: string; expires_at: Date }>('rate_slots');
    const document = await collection.findOne({ _id: `${id}/5` });
    expect(document?.expires_at.getTime()).toBeGreaterThan(START + MAX_RETRY_AGE_MS);
    expect(await collection.indexes()).toContainEqual(expect.objectContaining({ expireAfterSeconds: 0 }));
  });
});
