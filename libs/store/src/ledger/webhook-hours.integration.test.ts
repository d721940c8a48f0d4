import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, type WebhookHour } from '#libs/domain';

import { TestDatabase } from '../../testing/database.ts';
import { DirtyHourRepository } from './dirty-hour-repository.ts';
import { WebhookHourRepository } from './webhook-hour-repository.ts';

const database = new TestDatabase('hours');
const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
/** Long enough that the server does not remove what the tests look for. */
const KEEP_MS = 50 * 365 * 86_400_000;
const hours = new WebhookHourRepository(database.store, { keepMs: KEEP_MS });
const dirty = new DirtyHourRepository(database.store, clock);
const hour = Date.UTC(2026, 0, 1, 12);

beforeAll(async () => {
  await hours.ensureIndexes();
  await hours.ensureIndexes();
  await dirty.ensureIndexes();
});
afterAll(() => database.drop());

const counted = (webhookId: string, delivered: number, at = hour): WebhookHour => ({
  webhookId,
  hour: at,
  delivered,
  failed: 1,
  held: 0,
  skipped: 2,
  latency: new Map([
    [40, delivered],
    [7, 1],
  ]),
});

describe('the hours of a webhook', () => {
  it('are given back in their order, for the span that is asked for', async () => {
    const id = randomUUID();
    for (const at of [2, 0, 1, 3]) await hours.put(counted(id, at, hour + at * HOUR_MS));
    await hours.put(counted(randomUUID(), 9));
    const span = { since: hour + HOUR_MS, until: hour + 3 * HOUR_MS };
    expect(await hours.list(id, span)).toEqual([counted(id, 1, hour + HOUR_MS), counted(id, 2, hour + 2 * HOUR_MS)]);
  });

  it('expire as long after their beginning as attempts are kept', async () => {
    const id = randomUUID();
    await hours.put(counted(id, 1));
    const stored = await database.db.collection('webhook_hours').findOne({ webhook_id: id });
    expect(stored).toMatchObject({ expires_at: new Date(hour + KEEP_MS) });
    expect(await database.db.collection('webhook_hours').indexes()).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'expiry', expireAfterSeconds: 0 })]),
    );
  });

  it('keep the count of the most attempts, whoever comes last', async () => {
    const id = randomUUID();
    for (const delivered of [3, 9, 5]) await hours.put(counted(id, delivered));
    expect(await hours.list(id, { since: hour, until: hour + 1 })).toEqual([counted(id, 9)]);
  });

  it('keep it also when several write a new hour at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = randomUUID();
      await Promise.all([4, 2, 8, 6].map((delivered) => hours.put(counted(id, delivered))));
      expect(await hours.list(id, { since: hour, until: hour + 1 })).toEqual([counted(id, 8)]);
    }
  });
});

describe('the mark on an hour', () => {
  const mine = async (): Promise<string[]> => {
    const ids: string[] = [];
    for (let found = await dirty.claim(60_000); found; found = await dirty.claim(60_000)) ids.push(found.webhookId);
    return ids;
  };

  it('waits, is claimed by one at a time, the longest due first, and goes once the hour was counted', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await dirty.mark([{ webhookId: first, hour }], 2_000);
    clock.time += 500;
    await dirty.mark(
      [
        { webhookId: second, hour },
        { webhookId: second, hour },
        { webhookId: first, hour },
      ],
      2_000,
    );
    expect(await dirty.claim(10_000)).toBeUndefined();
    clock.time += 1_500;
    const claimed = await dirty.claim(10_000);
    expect(claimed).toMatchObject({ webhookId: first, hour });
    expect(await dirty.claim(10_000)).toBeUndefined();
    clock.time += 500;
    expect(await mine()).toEqual([second]);
    if (claimed) await dirty.counted(claimed, 0);
    clock.time += 100_000;
    expect(await mine()).toEqual([second]);
  });

  it('that is set again during the counting stays, and rests', async () => {
    await database.db.collection('dirty_hours').deleteMany({});
    const webhookId = randomUUID();
    await dirty.mark([{ webhookId, hour }], 0);
    const claimed = await dirty.claim(10_000);
    await dirty.mark([{ webhookId, hour }], 0);
    if (claimed) await dirty.counted(claimed, 3_000);
    clock.time += 2_999;
    expect(await dirty.claim(10_000)).toBeUndefined();
    clock.time += 1;
    const again = await dirty.claim(10_000);
    expect(again).toMatchObject({ webhookId, hour });
    expect(again?.token).not.toBe(claimed?.token);
  });

  it('of somebody who crashed is claimed by another once the lease is over', async () => {
    await database.db.collection('dirty_hours').deleteMany({});
    const webhookId = randomUUID();
    await dirty.mark([{ webhookId, hour }], 0);
    await dirty.claim(10_000);
    clock.time += 9_999;
    expect(await dirty.claim(10_000)).toBeUndefined();
    clock.time += 1;
    expect(await dirty.claim(10_000)).toMatchObject({ webhookId });
  });
});
