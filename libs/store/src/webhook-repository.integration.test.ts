import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestDatabase } from '../testing/database.ts';
import { withChange } from './webhook-change.ts';
import { WebhookChangeRepository } from './webhook-change-repository.ts';
import type { StoredWebhook } from './webhook-document.ts';
import { WebhookRepository } from './webhook-repository.ts';

const database = new TestDatabase('webhooks');

const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
const webhooks = new WebhookRepository(database.store, clock);
const documents = database.db.collection<{
  _id: string;
  control_pending?: unknown;
  deleted_at?: Date;
  filter?: string;
}>('webhooks');

function webhook(customerId: string, given: Partial<StoredWebhook> = {}): StoredWebhook {
  return {
    id: randomUUID(),
    customerId,
    url: 'https://example.com/hooks',
    revision: 1,
    eventTypes: ['call_hangup'],
    status: 'active',
    success: '200',
    signatures: ['standard'],
    secrets: [{ sealed: 'v1.old', expiresAt: clock.time + 60_000 }, { sealed: 'v1.current' }],
    createdAt: clock.time,
    updatedAt: clock.time,
    ...given,
  };
}

beforeAll(async () => {
  await webhooks.ensureIndexes();
});

afterAll(() => database.drop());

describe('WebhookRepository', () => {
  it('gives back what it stored, and holds it in snake_case', async () => {
    const stored = webhook(randomUUID());
    await webhooks.insert(stored);
    expect(await webhooks.find(stored.id)).toEqual(stored);
    expect(await documents.findOne({ _id: stored.id })).toMatchObject({
      customer_id: stored.customerId,
      event_types: ['call_hangup'],
      secrets: [{ sealed: 'v1.old', expires_at: new Date(clock.time + 60_000) }, { sealed: 'v1.current' }],
      created_at: new Date(clock.time),
    });
  });

  it('creates its indexes again without complaint, and both queries of the workers can use one', async () => {
    await webhooks.ensureIndexes();
    const names = (await documents.indexes()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['customer', 'control_pending']));
  });

  it("loads a customer's webhooks that are not disabled, and counts all", async () => {
    const customerId = randomUUID();
    const active = webhook(customerId);
    const paused = webhook(customerId, { status: 'paused' });
    await webhooks.insert(paused);
    const deleted = webhook(customerId);
    await webhooks.insert(active);
    await webhooks.insert(deleted);
    await webhooks.insert(webhook(customerId, { status: 'disabled' }));
    await webhooks.insert(webhook(randomUUID()));
    await webhooks.bury(deleted.id);
    const loaded = await webhooks.loadLiveWebhooks(customerId);
    expect(new Set(loaded.map(({ id }) => id))).toEqual(new Set([active.id, paused.id]));
    expect(loaded).toEqual(expect.arrayContaining([active, paused]));
    expect(await webhooks.count(customerId)).toBe(3);
  });

  it('keeps method, headers and filter, and a filter that it cannot read as it is', async () => {
    const given = webhook(randomUUID(), {
      method: 'PUT',
      headers: [
        { name: 'x-tenant', value: 'blue' },
        { name: 'authorization', sealed: 'v1.sealed' },
      ],
      filter: {
        kind: 'filter',
        filter: { kind: 'condition', path: ['data', 'status'], comparisons: [{ kind: 'equals', value: 'hangup' }] },
      },
    });
    await webhooks.insert(given);
    expect(await webhooks.find(given.id)).toEqual(given);
    const text = '{"field":"data.name","begins_with":"a"}';
    await documents.updateOne({ _id: given.id }, { $set: { filter: text } });
    expect(await webhooks.find(given.id)).toEqual({ ...given, filter: { kind: 'unreadable', text } });
    const changes = new WebhookChangeRepository(database.store, clock);
    await changes.change(given, (found, now) => withChange(found, { name: 'changed' }, now));
    expect(await documents.findOne({ _id: given.id })).toMatchObject({ name: 'changed', filter: text });
  });

  it('inserts many at once, each with a mark of its own', async () => {
    const customerId = randomUUID();
    const all = Array.from({ length: 3 }, () => webhook(customerId));
    const pending = await webhooks.insertMany(all);
    expect(await webhooks.loadLiveWebhooks(customerId)).toEqual(expect.arrayContaining(all));
    expect(pending.map(({ webhookId }) => webhookId)).toEqual(all.map(({ id }) => id));
    for (const { webhookId, token } of pending) {
      expect(await documents.findOne({ _id: webhookId })).toMatchObject({ control_pending: { token } });
    }
    expect(new Set(pending.map(({ token }) => token)).size).toBe(3);
  });

  it('takes a webhook that is there already for one whose answer was lost, and puts in what is missing', async () => {
    const customerId = randomUUID();
    const [first, second, third] = [webhook(customerId), webhook(customerId), webhook(customerId)];
    await webhooks.insert(first);
    await webhooks.insert(first);
    await webhooks.insertMany([first, second, third]);
    const stored = await webhooks.loadLiveWebhooks(customerId);
    expect(stored).toHaveLength(3);
    expect(stored).toEqual(expect.arrayContaining([first, second, third]));
  });

  it('finds disabled webhooks with their status, but no tombstones', async () => {
    const disabled = webhook(randomUUID(), { status: 'disabled' });
    await webhooks.insert(disabled);
    expect(await webhooks.findWebhook(disabled.id)).toMatchObject({ status: 'disabled' });
    await webhooks.bury(disabled.id);
    expect(await webhooks.findWebhook(disabled.id)).toBeUndefined();
  });

  it("keeps a customer's webhooks from another customer", async () => {
    const mine = webhook(randomUUID());
    const other = randomUUID();
    await webhooks.insert(mine);
    expect(await webhooks.find(mine.id, other)).toBeUndefined();
    expect(await webhooks.bury(mine.id, other)).toBeUndefined();
    expect(await webhooks.list({ customerId: other, limit: 10 })).toEqual([]);
    expect(await webhooks.find(mine.id, mine.customerId)).toEqual(mine);
  });

  it('lists page by page in the order of ids, each once', async () => {
    const customerId = randomUUID();
    const all = Array.from({ length: 5 }, () => webhook(customerId));
    for (const one of all) await webhooks.insert(one);
    const ids = all.map(({ id }) => id).toSorted();
    const first = await webhooks.list({ customerId, limit: 3 });
    const rest = await webhooks.list({ customerId, after: first.at(-1)?.id, limit: 3 });
    expect([...first, ...rest].map(({ id }) => id)).toEqual(ids);
  });

  it('sets the mark in the write itself and clears it only for the same change', async () => {
    const one = webhook(randomUUID());
    const created = await webhooks.insert(one);
    expect(await documents.findOne({ _id: one.id })).toMatchObject({ control_pending: { token: created.token } });
    const deleted = await webhooks.bury(one.id);
    await webhooks.told(created);
    expect(await documents.findOne({ _id: one.id })).toMatchObject({ control_pending: { token: deleted?.token } });
  });

  it('removes a tombstone once its deletion was told, and only the mark of a webhook that lives', async () => {
    const one = webhook(randomUUID());
    await webhooks.told(await webhooks.insert(one));
    expect((await documents.findOne({ _id: one.id }))?.control_pending).toBeUndefined();
    const deleted = await webhooks.bury(one.id);
    expect((await documents.findOne({ _id: one.id }))?.deleted_at).toEqual(new Date(clock.time));
    if (deleted) await webhooks.told(deleted);
    expect(await documents.findOne({ _id: one.id })).toBeNull();
  });

  it('a deletion asked for again is due again, until everybody was told', async () => {
    const one = webhook(randomUUID());
    await webhooks.told(await webhooks.insert(one));
    const first = await webhooks.bury(one.id);
    expect(await webhooks.bury(one.id, randomUUID())).toBeUndefined();
    const second = await webhooks.bury(one.id, one.customerId);
    if (first) await webhooks.told(first);
    expect(await documents.findOne({ _id: one.id })).toMatchObject({ control_pending: { token: second?.token } });
    if (second) await webhooks.told(second);
    expect(await webhooks.bury(one.id)).toBeUndefined();
  });

  it('finds marks once they are old enough, the oldest first', async () => {
    const start = clock.time;
    const customerId = randomUUID();
    const tokens: string[] = [];
    for (const offset of [2_000, 0, 1_000]) {
      clock.time = start + offset;
      tokens.push((await webhooks.insert(webhook(customerId))).token);
    }
    const due = async (): Promise<string[]> => {
      const found = await webhooks.pendingControls(5_000);
      return found.filter((pending) => pending.customerId === customerId).map(({ token }) => token);
    };
    clock.time = start + 6_001;
    expect(await due()).toEqual([tokens[1], tokens[2]]);
    clock.time = start + 7_001;
    expect(await due()).toEqual([tokens[1], tokens[2], tokens[0]]);
  });
});
