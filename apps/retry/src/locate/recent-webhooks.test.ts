import { describe, expect, it } from '@jest/globals';
import { UnavailableError, type Webhook, type WebhookEvent } from '#libs/domain';

import { RecentWebhooks } from './recent-webhooks.ts';

const webhook = (status: Webhook['status']): Webhook => ({
  id: 'w',
  customerId: 'c',
  url: 'https://a',
  eventTypes: ['*'],
  status,
  success: '200',
  signatures: [],
  secrets: [],
});
const event: WebhookEvent = {
  id: 'e',
  type: 'call_hangup',
  resourceType: 'call',
  customerId: 'c',
  tmCreate: '2026-01-01T00:00:00Z',
  resourceId: 'r',
  fields: {},
  body: Buffer.alloc(0),
};

/** A store that answers when it is told to. */
function aStore() {
  const clock = { time: 1_000, now: () => clock.time };
  const questions: Array<PromiseWithResolvers<Webhook | undefined>> = [];
  const question = (): Promise<Webhook | undefined> => {
    const asked = Promise.withResolvers<Webhook | undefined>();
    questions.push(asked);
    return asked.promise;
  };
  const webhooks = new RecentWebhooks({
    reader: {
      findWebhook: question,
      loadLiveWebhooks: async () => [await question()].filter((found) => found !== undefined),
    },
    groupOf: () => undefined,
    clock,
  });
  return {
    webhooks,
    clock,
    questions,
    /** Answers the newest question, once it was put. */
    answer: async (found: Webhook | undefined) => {
      await Promise.resolve();
      questions.at(-1)?.resolve(found);
    },
    fail: () => questions.at(-1)?.reject(new UnavailableError('mongodb', 'away')),
  };
}

describe('a webhook looked up by its id', () => {
  it('is good for 5 s while it is active, also for those who ask meanwhile', async () => {
    const { webhooks, clock, questions, answer } = aStore();
    const both = [webhooks.byId('w'), webhooks.byId('w')];
    await answer(webhook('active'));
    expect(await Promise.all(both)).toMatchObject([{ kind: 'found' }, { kind: 'found' }]);
    clock.time += 4_999;
    expect(await webhooks.byId('w')).toMatchObject({ kind: 'found', value: { status: 'active' } });
    expect(questions).toHaveLength(1);
    clock.time += 1;
    void webhooks.byId('w');
    expect(questions).toHaveLength(2);
  });

  it.each([
    ['disabled', webhook('disabled')],
    ['gone', undefined],
  ])('is asked for again once it was %s: it may be enabled by now', async (_case, found) => {
    const { webhooks, questions, answer } = aStore();
    const first = webhooks.byId('w');
    // These two ask when the store may have answered already.
    const later = [webhooks.byId('w'), webhooks.byId('w')];
    await answer(found);
    expect(await first).not.toMatchObject({ value: { status: 'active' } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(questions).toHaveLength(2);
    await answer(webhook('active'));
    expect(await Promise.all(later)).toMatchObject(Array.from({ length: 2 }, () => ({ value: { status: 'active' } })));
  });

  it('is what it was while the store is away, unless nobody knows or it was disabled', async () => {
    const { webhooks, clock, questions, answer, fail } = aStore();
    const active = webhooks.byId('w');
    await answer(webhook('active'));
    await active;
    clock.time += 5_000;
    const kept = webhooks.byId('w');
    fail();
    expect(await kept).toMatchObject({ kind: 'found', value: { status: 'active' } });
    clock.time += 5_000;
    const disabled = webhooks.byId('w');
    await answer(webhook('disabled'));
    await disabled;
    const unknown = webhooks.byId('w');
    fail();
    expect(await unknown).toMatchObject({ kind: 'unavailable' });
    const asked = questions.length;
    expect(await webhooks.byId('w')).toMatchObject({ kind: 'unavailable' });
    expect(questions).toHaveLength(asked);
  });
});

describe("a customer's webhooks", () => {
  it('are asked for anew for every event that comes later', async () => {
    const { webhooks, answer } = aStore();
    const none = webhooks.ofCustomer(event);
    await answer(undefined);
    expect(await none).toEqual({ kind: 'found', value: [] });
    const one = webhooks.ofCustomer(event);
    await answer(webhook('active'));
    expect(await one).toMatchObject({ value: [{ id: 'w' }] });
    const unknown = webhooks.ofCustomer(event);
    await answer(undefined);
    expect(await unknown).toEqual({ kind: 'found', value: [] });
  });
});
