import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { TestDatabase } from '../testing/database.ts';
import { aWebhook } from '../testing/webhooks.ts';
import {
  type ChangedWebhook,
  type ChangeOutcome,
  type Refusal,
  WebhookChangeRepository,
} from './webhook-change-repository.ts';
import { type WebhookChange, withChange } from './webhook-change.ts';
import type { StoredWebhook } from './webhook-document.ts';
import { WebhookRepository } from './webhook-repository.ts';

const clock = { time: Date.UTC(2026, 0, 1), now: () => clock.time };
const database = new TestDatabase('changes');
const webhooks = new WebhookRepository(database.store, clock);
const changes = new WebhookChangeRepository(database.store, clock);
const documents = database.db.collection<{
  _id: string;
  control_pending?: { token: string };
  later?: string;
  secrets?: object[];
}>('webhooks');

beforeAll(() => webhooks.ensureIndexes());
afterAll(() => database.drop());

async function stored(given: Partial<StoredWebhook> = {}): Promise<StoredWebhook> {
  const webhook = aWebhook(given);
  await webhooks.told(await webhooks.insert(webhook));
  return webhook;
}

function make(which: ChangedWebhook, change: WebhookChange): Promise<ChangeOutcome> {
  return changes.change(which, (webhook, now) => withChange(webhook, change, now));
}

function changed(outcome: ChangeOutcome): { webhook: StoredWebhook; token: string } {
  if (outcome.kind !== 'changed') throw new Error(`the webhook is ${outcome.kind}`);
  return { webhook: outcome.webhook, token: outcome.control.token };
}

async function markOf({ id }: StoredWebhook): Promise<string | undefined> {
  return (await documents.findOne({ _id: id }))?.control_pending?.token;
}

describe('a change of a webhook', () => {
  it('is one write with a mark, and leaves alone what this version does not know', async () => {
    const webhook = await stored({ name: 'old', description: 'note' });
    await documents.updateOne({ _id: webhook.id }, { $set: { later: 'kept' } });
    clock.time += 1_000;
    const { webhook: after, token } = changed(await make(webhook, { name: 'new', description: null, success: '2xx' }));
    expect(after).toEqual({
      ...webhook,
      name: 'new',
      description: undefined,
      success: '2xx',
      revision: webhook.revision + 1,
      updatedAt: clock.time,
    });
    expect(await webhooks.find(webhook.id)).toEqual(after);
    expect(await markOf(webhook)).toBe(token);
    const document = await documents.findOne({ _id: webhook.id });
    expect([document?.later, Object.hasOwn(Object(document), 'description')]).toEqual(['kept', false]);
  });

  it('that changes nothing keeps revision and time, and sets the mark anew', async () => {
    const webhook = await stored();
    clock.time += 1_000;
    const first = changed(await make(webhook, { url: webhook.url }));
    const second = changed(await make(webhook, {}));
    expect([first.webhook, second.webhook]).toEqual([webhook, webhook]);
    expect(second.token).not.toBe(first.token);
    expect(await markOf(webhook)).toBe(second.token);
  });

  it('of the status keeps its reason when asked again, and a new start forgets what failed', async () => {
    const webhook = await stored();
    clock.time += 1_000;
    const off = changed(await make(webhook, { status: 'disabled' })).webhook;
    expect(off).toMatchObject({ status: 'disabled', disabledReason: 'requested', disabledAt: clock.time });
    expect(await webhooks.loadLiveWebhooks(webhook.customerId)).toEqual([]);
    clock.time += 1_000;
    expect(changed(await make(webhook, { status: 'disabled' })).webhook).toEqual(off);
    const on = changed(await make(webhook, { status: 'active' })).webhook;
    expect(on).toEqual({ ...webhook, revision: 3, enabledAt: clock.time, updatedAt: clock.time });
  });

  it('of the URL forgets what failed before', async () => {
    const webhook = await stored();
    clock.time += 1_000;
    const { webhook: after } = changed(await make(webhook, { url: 'https://example.com/other' }));
    expect(after).toMatchObject({ url: 'https://example.com/other', enabledAt: clock.time });
  });

  it('is refused for a revision that is gone, and for nobody and tombstones', async () => {
    const webhook = await stored();
    await make(webhook, { name: 'first' });
    expect((await make({ id: webhook.id, revisions: [webhook.revision] }, { name: 'late' })).kind).toBe('outdated');
    expect((await make({ id: webhook.id, revisions: [] }, { name: 'late' })).kind).toBe('outdated');
    expect((await make({ id: webhook.id, revisions: [1, 2] }, { name: 'second' })).kind).toBe('changed');
    expect((await make({ id: webhook.id, customerId: randomUUID() }, { name: 'x' })).kind).toBe('missing');
    expect((await make({ id: randomUUID() }, { name: 'x' })).kind).toBe('missing');
    await webhooks.bury(webhook.id);
    expect((await make({ id: webhook.id }, { name: 'x' })).kind).toBe('missing');
  });

  it('also of a document from before revisions were counted', async () => {
    const webhook = await stored();
    await database.db
      .collection<{ _id: string }>('webhooks')
      .updateOne({ _id: webhook.id }, { $unset: { revision: '' } });
    expect((await webhooks.find(webhook.id))?.revision).toBe(0);
    expect(changed(await make({ id: webhook.id, revisions: [0] }, { name: 'x' })).webhook.revision).toBe(1);
  });

  it('that is refused writes nothing', async () => {
    const webhook = await stored();
    const refusal: Refusal = { kind: 'refused' };
    expect(await changes.change<Refusal>(webhook, () => refusal)).toBe(refusal);
    expect(await webhooks.find(webhook.id)).toEqual(webhook);
    expect(await markOf(webhook)).toBeUndefined();
  });

  it('removes secrets that have expired, also where nothing else differs', async () => {
    const [current, replaced] = [{ sealed: 'v1.current' }, { sealed: 'v1.old', expiresAt: clock.time + 5_000 }];
    const webhook = await stored({ secrets: [current, replaced] });
    expect(changed(await make(webhook, {})).webhook).toEqual(webhook);
    clock.time += 5_000;
    expect(changed(await make(webhook, {})).webhook).toEqual({ ...webhook, secrets: [current] });
    expect((await webhooks.find(webhook.id))?.secrets).toEqual([current]);
  });

  it('is worked out anew where the secrets were sealed anew meanwhile, which is no revision', async () => {
    const webhook = await stored({ secrets: [{ sealed: 'v1.before' }] });
    const run = database.store.run.bind(database.store);
    let asked = 0;
    const spy = jest.spyOn(database.store, 'run').mockImplementation(async (operation) => {
      asked += 1;
      if (asked === 2)
        await documents.updateOne({ _id: webhook.id }, { $set: { secrets: [{ sealed: 'v1.after' }], sealing: 1 } });
      return run(operation);
    });
    const outcome = await changes.change(webhook, (found) => ({
      ...found,
      secrets: [{ sealed: 'v1.new' }, ...found.secrets],
    }));
    spy.mockRestore();
    expect(changed(outcome).webhook.secrets).toEqual([{ sealed: 'v1.new' }, { sealed: 'v1.after' }]);
  });

  it('is lost to none of many at once', async () => {
    const webhook = await stored();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        changes.change(webhook, (found) => ({ ...found, eventTypes: [...found.eventTypes, `call_${index}`] })),
      ),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'changed'));
    const after = await webhooks.find(webhook.id);
    expect(after?.eventTypes).toHaveLength(webhook.eventTypes.length + 8);
    expect(after?.revision).toBe(webhook.revision + 8);
  });
});
