import { afterEach, describe, expect, it } from '@jest/globals';
import { type Ending, systemClock, type WebhookEvent } from '#libs/domain';

import { raw, type Receiver, startReceiver } from '../../../../test/support/receiver/index.ts';
import { newDispatcher, webhookAt } from '../../testing/dispatching.ts';
import { Bulkhead } from '../bulkhead/bulkhead.ts';
import { RateLimiter } from '../rate/rate-limiter.ts';
import { type Delivery, DeliverySender } from './delivery-sender.ts';

const LIMIT_MS = 2_000;
const SLOTS = 2;
const monotonic = (): number => performance.now();

const open: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** An endpoint that answers 200 at once, with a body that does not end, and a sender that has two slots for it. */
async function answersThatDoNotEnd() {
  const receiver = await startReceiver({ otherwise: raw('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc') });
  const dispatcher = newDispatcher({ timeoutMs: LIMIT_MS });
  open.push(dispatcher, receiver);
  const unsettledBytes = 1_000_000;
  const bulkhead = new Bulkhead({
    concurrency: SLOTS,
    waitingPerSlot: Infinity,
    unsettledBytes,
    now: monotonic,
    busy: () => false,
  });
  const source = { reserve: async () => 0 };
  const limiter = new RateLimiter({ source, clock: systemClock, monotonic, unsettledBytes });
  const sender = new DeliverySender({ dispatcher, bulkhead, limiter, clock: systemClock });
  const send = (at: number, lane?: string): Promise<Ending> =>
    new Promise((resolve) => sender.send(delivery(receiver, at, lane), () => true, resolve));
  return { receiver, send };
}

function delivery(receiver: Receiver, at: number, lane: string | undefined): Delivery {
  const event: WebhookEvent = {
    id: `e-${at}`,
    type: 'call_hangup',
    resourceType: 'call',
    customerId: 'c-1',
    tmCreate: '2026-01-15T09:30:00.000000Z',
    resourceId: lane ?? '',
    body: Buffer.from('{}'),
    fields: {},
  };
  return {
    webhook: webhookAt(receiver.url('/')),
    event,
    attempt: 1,
    sequence: `0.${at}`,
    lane,
    bytes: 1,
    source: { key: 'c-1', topic: 't', partition: 0, offset: at },
  };
}

describe('an endpoint that answers 200 and does not end its answer', () => {
  it('has no more requests under way than it has slots', async () => {
    const { receiver, send } = await answersThatDoNotEnd();
    const sent = [0, 1, 2, 3, 4].map((at) => send(at));
    expect(await Promise.race(sent)).toMatchObject({ kind: 'attempted', outcome: { kind: 'delivered' } });
    expect(receiver.received('/')).toHaveLength(SLOTS);
    for (const ending of await Promise.all(sent)) expect(ending).toMatchObject({ outcome: { kind: 'delivered' } });
  });

  it('gets the next event of a resource as soon as it has answered', async () => {
    const { receiver, send } = await answersThatDoNotEnd();
    const first = send(0, 'a');
    const second = send(1, 'a');
    await receiver.waitFor('/', 2);
    expect(await Promise.race([first, second])).toMatchObject({ outcome: { kind: 'delivered' } });
    await Promise.all([first, second]);
  });
});
