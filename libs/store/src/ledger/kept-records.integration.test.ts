import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestDatabase } from '../../testing/database.ts';
import {
  type DeadLetter,
  deadLetterCursor,
  DeadLetterRepository,
  publicDeadLetterId,
} from './dead-letter-repository.ts';
import type { KeptRecord } from './kept-record.ts';
import {
  type RejectedEvent,
  rejectedEventCursor,
  rejectedEventId,
  RejectedEventRepository,
} from './rejected-event-repository.ts';

const anEvent = { id: 'event', type: 'call_hangup', resourceType: 'call', customerId: 'customer' };
const MANY_BYTES = 1_000_000;
const database = new TestDatabase('kept');
const letters = new DeadLetterRepository(database.store);
const rejected = new RejectedEventRepository(database.store);
let made = 0;

beforeAll(async () => {
  await letters.ensureIndexes();
  await letters.ensureIndexes();
  await rejected.ensureIndexes();
});
afterAll(() => database.drop());

function aRecord(topic: string, value = Buffer.from([0, 1, 0xff])): KeptRecord {
  made += 1;
  return {
    key: Buffer.from('key'),
    value,
    bytes: value.length,
    headers: [{ name: 'trace', value: Buffer.from([0xfe, 0x00]) }],
    position: { topic, partition: made % 3, offset: made },
  };
}

function aLetter(webhookId: string, given: Partial<DeadLetter> = {}): DeadLetter {
  return {
    webhookId,
    event: { id: `event-${made}`, type: 'call_hangup', resourceType: 'call', customerId: 'customer' },
    reason: 'schedule_used_up',
    attempts: 8,
    firstFailureAt: 5,
    lastStatus: 503,
    lastError: 'http_status',
    at: 1_000 + made,
    origin: { topic: 'resource-events', partition: 3, offset: 9 },
    kept: aRecord('dead'),
    ...given,
  };
}

const aRejection = (given: Partial<RejectedEvent> = {}): RejectedEvent => ({
  reason: 'not_avro',
  message: 'no magic byte',
  at: 1_000 + made,
  origin: { topic: 'resource-events', partition: 3, offset: 9 },
  kept: aRecord('rejected-events'),
  ...given,
});

describe('dead letters', () => {
  it('are given back whole, the newest first, page by page', async () => {
    const webhookId = randomUUID();
    const all = Array.from({ length: 5 }, () => aLetter(webhookId));
    const unreadable = aLetter(webhookId, { event: undefined, reason: undefined, lastStatus: undefined });
    await letters.put([...all, unreadable, aLetter(randomUUID())]);
    const expected = [...all, unreadable].toReversed();
    const first = await letters.list({ webhookId, limit: 4, maxBytes: MANY_BYTES });
    expect(first).toEqual({ entries: expected.slice(0, 4), more: true });
    const before = deadLetterCursor(first.entries.at(-1)!);
    const rest = await letters.list({ webhookId, before, limit: 4, maxBytes: MANY_BYTES });
    expect(rest).toEqual({ entries: expected.slice(4), more: false });
  });

  it('written again are one, and a later one of the same delivery takes the place of the earlier, in any order', async () => {
    const webhookId = randomUUID();
    const event = { id: randomUUID(), type: 'call_hangup', resourceType: 'call', customerId: 'customer' };
    const [early, late] = [aLetter(webhookId, { event, attempts: 8 }), aLetter(webhookId, { event, attempts: 9 })];
    const stored = async (): Promise<readonly DeadLetter[]> =>
      (await letters.list({ webhookId, limit: 10, maxBytes: MANY_BYTES })).entries;
    await letters.put([early]);
    expect(await stored()).toEqual([early]);
    for (const bulk of [[late], [early], [late, early], [early, late], [early]]) {
      await letters.put(bulk);
      expect(await stored()).toEqual([late]);
    }
  });

  it('are found by the id that the list shows, for their webhook only', async () => {
    const [webhookId, other] = [randomUUID(), randomUUID()];
    const letter = aLetter(webhookId, { event: { ...anEvent, id: 'a/b c' } });
    const unreadable = aLetter(webhookId, { event: undefined });
    await letters.put([letter, unreadable, aLetter(other, { event: { ...anEvent, id: 'a/b c' } })]);
    expect(await letters.find(webhookId, publicDeadLetterId(letter))).toEqual(letter);
    expect(await letters.find(webhookId, publicDeadLetterId(unreadable))).toEqual(unreadable);
    expect(await letters.find(other, publicDeadLetterId(unreadable))).toBeUndefined();
    expect(await letters.find(webhookId, 'unknown')).toBeUndefined();
  });

  it('are taken for redelivery oldest first, up to the newest of the moment, each until it is marked', async () => {
    const webhookId = randomUUID();
    const all = Array.from({ length: 4 }, () => aLetter(webhookId, { event: { ...anEvent, id: randomUUID() } }));
    await letters.put(all);
    const { count, upTo } = await letters.notRedelivered(webhookId, 10);
    expect([count, upTo]).toEqual([4, deadLetterCursor(all[3]!)]);
    const later = aLetter(webhookId, { event: { ...anEvent, id: randomUUID() } });
    await letters.put([later]);
    const query = { webhookId, upTo, limit: 10, maxBytes: MANY_BYTES };
    expect(await letters.toRedeliver({ ...query, limit: 3 })).toEqual(all.slice(0, 3));
    expect(await letters.toRedeliver({ ...query, after: deadLetterCursor(all[1]!) })).toEqual(all.slice(2));

    await letters.markRedelivered(all.slice(0, 2), 7_000);
    expect(await letters.toRedeliver(query)).toEqual(all.slice(2));
    expect(await letters.toRedeliver({ ...query, id: all[0]!.event!.id })).toEqual([
      { ...all[0], redeliveredAt: 7_000 },
    ]);
    expect((await letters.notRedelivered(webhookId, 10)).count).toBe(3);
    expect((await letters.notRedelivered(webhookId, 2)).count).toBe(2);
  });

  it('keep their mark when they are written again, and lose it when they are given up again', async () => {
    const webhookId = randomUUID();
    const [early, late] = [aLetter(webhookId, { event: anEvent }), aLetter(webhookId, { event: anEvent })];
    const marks = async (): Promise<unknown[]> =>
      (await letters.list({ webhookId, limit: 10, maxBytes: MANY_BYTES })).entries.map(
        ({ redeliveredAt }) => redeliveredAt,
      );
    await letters.put([early]);
    await letters.markRedelivered([early], 7_000);
    await letters.put([early]);
    expect(await marks()).toEqual([7_000]);
    await letters.put([late]);
    await letters.markRedelivered([early], 8_000);
    expect(await marks()).toEqual([undefined]);
  });

  it('make a page shorter when they are large, but never empty', async () => {
    const webhookId = randomUUID();
    const large = Array.from({ length: 3 }, () => aLetter(webhookId, { kept: aRecord('dead', Buffer.alloc(4_000)) }));
    await letters.put(large);
    const page = await letters.list({ webhookId, limit: 10, maxBytes: 8_500 });
    expect([page.entries.length, page.more]).toEqual([2, true]);
    expect((await letters.list({ webhookId, limit: 10, maxBytes: 1 })).entries).toHaveLength(1);
  });

  it('too large for a document are kept without their bytes', async () => {
    const webhookId = randomUUID();
    await letters.put([aLetter(webhookId, { kept: aRecord('dead', Buffer.alloc(17 * 1024 * 1024)) })]);
    const { entries } = await letters.list({ webhookId, limit: 10, maxBytes: MANY_BYTES });
    expect(entries).toMatchObject([{ kept: { value: undefined, bytes: 17 * 1024 * 1024 } }]);
  });
});

describe('rejected events', () => {
  it('are kept once each, and given back whole, the newest first, page by page', async () => {
    const all = Array.from({ length: 5 }, () => aRejection());
    await rejected.insertMissing(all.slice(0, 3));
    await rejected.insertMissing(all.toReversed());
    const expected = all.toReversed();
    const first = await rejected.list({ limit: 3, maxBytes: MANY_BYTES });
    expect(first).toEqual({ entries: expected.slice(0, 3), more: true });
    const before = rejectedEventCursor(first.entries.at(-1)!);
    expect(await rejected.list({ before, limit: 3, maxBytes: MANY_BYTES })).toEqual({
      entries: expected.slice(3),
      more: false,
    });
  });

  it('are found by their id, and keep what was noted on them when they are written again', async () => {
    const event = aRejection();
    await rejected.insertMissing([event]);
    await rejected.markRedriven(rejectedEventId(event), 9_000);
    await rejected.insertMissing([event]);
    expect(await rejected.find(rejectedEventId(event))).toEqual({ ...event, redrivenAt: 9_000 });
    expect(await rejected.find('0-0')).toBeUndefined();
  });

  it('may lack a key, a value, a reason and an origin', async () => {
    const bare = aRejection({
      reason: undefined,
      origin: undefined,
      kept: { ...aRecord('rejected-events'), key: undefined, value: undefined, bytes: 0, headers: [] },
    });
    await rejected.insertMissing([bare]);
    expect((await rejected.list({ limit: 1, maxBytes: MANY_BYTES })).entries).toEqual([bare]);
  });
});
