import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WebhookNotice } from '#libs/domain';

import { TestDatabase } from '../testing/database.ts';
import { aWebhook } from '../testing/webhooks.ts';
import { WebhookChangeRepository } from './webhook-change-repository.ts';
import { withChange } from './webhook-change.ts';
import type { StoredWebhook } from './webhook-document.ts';
import { WebhookRepository } from './webhook-repository.ts';
import { WebhookStatusRepository } from './webhook-status-repository.ts';

const start = Date.UTC(2026, 0, 1);
const clock = { time: start, now: () => clock.time };
const database = new TestDatabase('statuses');
const webhooks = new WebhookRepository(database.store, clock);
const statuses = new WebhookStatusRepository(database.store, clock);
const changes = new WebhookChangeRepository(database.store, clock);
const documents = database.db.collection<{ _id: string; control_pending?: { token: string }; notices?: unknown[] }>(
  'webhooks',
);

beforeAll(async () => {
  await webhooks.ensureIndexes();
  await statuses.ensureIndexes();
});
afterAll(() => database.drop());

async function stored(given: Partial<StoredWebhook> = {}): Promise<StoredWebhook> {
  const webhook = aWebhook(given);
  await webhooks.told(await webhooks.insert(webhook));
  return webhook;
}

const notice = (given: Partial<WebhookNotice> = {}): WebhookNotice => ({
  id: randomUUID(),
  type: 'webhook_disabled',
  at: clock.time,
  reason: 'failing',
  failingSince: start - 9_000,
  attempts: 25,
  lastFailureAt: start - 1,
  lastStatus: 503,
  lastError: 'http_status',
  disablesAt: undefined,
  ...given,
});
const judged = (notices: readonly WebhookNotice[] = [notice()]) => ({
  reason: 'failing' as const,
  at: clock.time,
  warnedAt: undefined,
  notices,
});

describe('a webhook that is judged', () => {
  it('is disabled, with what has to be told, in one write', async () => {
    const webhook = await stored();
    const notices = [notice({ type: 'webhook_failing', reason: undefined, disablesAt: start }), notice()];
    const pending = await statuses.disableJudged(webhook, { ...judged(notices), warnedAt: start - 1 });
    expect(pending).toMatchObject({
      webhook: { status: 'disabled', disabledReason: 'failing', disabledAt: clock.time, warnedAt: start - 1 },
      control: { webhookId: webhook.id, customerId: webhook.customerId },
    });
    expect(pending?.notices).toEqual(notices);
    expect(await statuses.disableJudged(webhook, judged())).toBeUndefined();
    expect((await documents.findOne({ _id: webhook.id }))?.notices).toHaveLength(2);
  });

  it('stays as it is when it was enabled again, or its customer warned, since it was read', async () => {
    const webhook = await stored();
    await changes.change(webhook, (found, now) => withChange(found, { status: 'disabled' }, now));
    await changes.change(webhook, (found, now) => withChange(found, { status: 'active' }, now));
    expect(await statuses.disableJudged(webhook, judged())).toBeUndefined();
    const enabled = await webhooks.find(webhook.id);
    if (!enabled) throw new Error('it is gone');
    expect(await statuses.warn(enabled, { warnedAt: clock.time, notices: [notice()] })).toBeDefined();
    expect(await statuses.warn(enabled, { warnedAt: clock.time, notices: [notice()] })).toBeUndefined();
    expect(await statuses.disableJudged(enabled, judged())).toBeUndefined();
    const warned = await webhooks.find(webhook.id);
    expect(warned).toMatchObject({ status: 'active', warnedAt: clock.time });
    expect(warned && (await statuses.disableJudged(warned, judged()))).toBeDefined();
  });

  it('keeps what has to be told until it was told, one by one', async () => {
    const webhook = await stored();
    const [first, second] = [notice({ type: 'webhook_failing' }), notice()];
    await statuses.disableJudged(webhook, judged([first, second]));
    const left = async (ageMs: number): Promise<readonly string[]> => {
      const all = await statuses.pendingNotices(ageMs);
      return all.flatMap((one) => (one.webhook.id === webhook.id ? one.notices.map(({ id }) => id) : []));
    };
    clock.time += 5_000;
    expect(await left(5_000)).toEqual([]);
    expect(await left(4_999)).toEqual([first.id, second.id]);
    await statuses.noticed(webhook.id, first.id);
    expect(await left(4_999)).toEqual([second.id]);
    await statuses.noticed(webhook.id, second.id);
    await statuses.noticed(webhook.id, second.id);
    expect(await left(4_999)).toEqual([]);
    expect((await documents.findOne({ _id: webhook.id }))?.notices).toBeUndefined();
  });
});
