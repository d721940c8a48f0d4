import { describe, expect, it } from '@jest/globals';
import type { Webhook, WebhookEvent } from '#libs/domain';

import { ReplayedWebhooks } from './replayed-webhook.ts';

const webhook: Webhook = {
  id: 'w',
  customerId: 'c',
  url: 'https://example.com',
  eventTypes: ['call_*', 'message_created'],
  status: 'active',
  success: '200',
  signatures: ['standard'],
  secrets: [],
};
const event = (type: string, resourceType: string): WebhookEvent => ({
  id: 'e',
  type,
  resourceType,
  customerId: 'c',
  tmCreate: '2026-01-01T00:00:00Z',
  resourceId: 'r',
  fields: {},
  body: Buffer.alloc(0),
});

function watched(eventTypes?: readonly string[]) {
  const state: { now: number; webhook: Webhook | undefined; asked: number } = { now: 0, webhook, asked: 0 };
  const webhooks = new ReplayedWebhooks({
    webhooks: {
      findWebhook: async () => {
        state.asked += 1;
        return state.webhook;
      },
    },
    groupOf: () => undefined,
    clock: { now: () => state.now },
  });
  return { state, look: webhooks.watch('w', eventTypes) };
}

describe("a replay's webhook", () => {
  it('gets what it asks for itself, narrowed to what the replay asks for', async () => {
    const events = [event('call_hangup', 'call'), event('call_created', 'call'), event('message_created', 'message')];
    const wanted = async (eventTypes?: readonly string[]): Promise<string[]> => {
      const found = await watched(eventTypes).look();
      return events.filter((one) => found.kind === 'active' && found.wants(one)).map(({ type }) => type);
    };
    expect(await wanted()).toEqual(['call_hangup', 'call_created', 'message_created']);
    expect(await wanted(['call_hangup', 'agent_created'])).toEqual(['call_hangup']);
    expect(await wanted(['*'])).toEqual(['call_hangup', 'call_created', 'message_created']);
    expect(await wanted(['agent_*'])).toEqual([]);
  });

  it('is looked up again after 5 s: it may be disabled or deleted by then', async () => {
    const { state, look } = watched();
    await look();
    state.webhook = { ...webhook, status: 'disabled' };
    state.now = 4_999;
    expect(await look()).toMatchObject({ kind: 'active' });
    state.now = 5_000;
    expect(await look()).toEqual({ kind: 'gone', message: 'the webhook is disabled' });
    state.webhook = undefined;
    state.now = 10_000;
    expect(await look()).toEqual({ kind: 'gone', message: 'the webhook was deleted' });
    expect(state.asked).toBe(3);
  });
});
