import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';

import { World } from '../support/world/world.ts';

/** The rows of the public event table: one event of each. */
const TABLE_ROWS = [
  'call_hangup',
  'groupcall_created',
  'conference_updated',
  'conferencecall_joined',
  'message_created',
  'recording_finished',
  'transcribe_done',
  'queue_updated',
  'queuecall_waiting',
  'activeflow_created',
  'campaign_status_run',
  'number_created',
];

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world.close());

function omitNullsOf(event: Record<string, unknown>): object {
  const { id, type, resource_type, tm_create, data } = event;
  return { id, type, resource_type, tm_create, data };
}

describe('a resource event on Kafka', () => {
  it.each(TABLE_ROWS)(
    'of type %s reaches the webhook with its full data unchanged and a right signature',
    async (type) => {
      const customer = await world.customer();
      const path = `/row/${type}`;
      const { secret } = await customer.webhook(path, [type]);
      const event = world.sample(type, customer.id);
      await world.produce(event);
      const [request] = await world.receiver.waitFor(path, 1);
      const plain = Object.fromEntries(Object.entries(request!.headers).map(([name, value]) => [name, String(value)]));
      expect(new Verifier(secret).verify(request!.body, plain)).toEqual(omitNullsOf(event));
      expect(plain).toMatchObject({
        'content-type': 'application/json',
        'webhook-id': event.id,
        'webhook-attempt': '1',
        'webhook-sequence': expect.stringMatching(/^\d+\.\d+$/),
      });
      expect(request!.body).toBe(JSON.stringify(JSON.parse(request!.body)));
    },
  );

  it('produced right after POST /webhooks has answered is delivered, 200 times in a row', async () => {
    const customer = await world.customer();
    for (let round = 0; round < 200; round += 1) {
      const path = `/fresh/${round}`;
      await customer.webhook(path, ['queue_created']);
      await world.produce(world.sample('queue_created', customer.id));
      await world.receiver.waitFor(path, 1);
      if (round % 10 === 9) await removeAll(customer.http);
    }
  });

  it('is delivered whatever its size and that of its neighbours, which a fetch does not hold together', async () => {
    const paths = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        const customer = await world.customer();
        const path = `/sizes/${index}`;
        await customer.webhook(path, ['message_created']);
        for (const text of ['first', 'x'.repeat(700_000), 'last']) {
          await world.produce(world.sample('message_created', customer.id, { text }));
        }
        return path;
      }),
    );
    for (const path of paths) {
      const requests = await world.receiver.waitFor(path, 3);
      const texts = requests.map(({ body }): string => JSON.parse(body).data.text);
      expect(texts.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([4, 5, 700_000]);
    }
  });

  it('keeps the order of first attempts per resource', async () => {
    const customer = await world.customer();
    await customer.webhook('/order', ['call_*']);
    const calls = [randomUUID(), randomUUID(), randomUUID()];
    const sent = new Map<string, string[]>(calls.map((call) => [call, []]));
    await Promise.all(
      Array.from({ length: 90 }, (_, index) => {
        const call = calls[index % calls.length]!;
        const event = world.sample('call_updated', customer.id, { id: call });
        sent.get(call)!.push(event.id);
        return world.produce(event);
      }),
    );
    const received = await world.receiver.waitFor('/order', 90);
    for (const call of calls) {
      const ids = received.filter(({ body }) => body.includes(call)).map(({ headers }) => headers['webhook-id']);
      const positions = received
        .filter(({ body }) => body.includes(call))
        .map(({ headers }) => Number(String(headers['webhook-sequence']).split('.')[1]));
      expect(new Set(ids)).toEqual(new Set(sent.get(call)));
      expect(ids).toHaveLength(30);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    }
  });

  it('goes to the webhooks that ask for it, each once, and to nobody else', async () => {
    const customer = await world.customer();
    await customer.webhook('/exact', ['call_hangup']);
    await customer.webhook('/family', ['call_*', 'call_hangup']);
    await customer.webhook('/all', ['*']);
    await customer.webhook('/other', ['message_*']);
    await world.produce(world.sample('call_hangup', customer.id));
    const last = world.sample('message_created', customer.id);
    await world.produce(last);
    await world.receiver.waitFor('/other', 1);
    await Promise.all([
      world.receiver.waitFor('/exact', 1),
      world.receiver.waitFor('/family', 1),
      world.receiver.waitFor('/all', 2),
    ]);
    expect(['/exact', '/family', '/all', '/other'].map((path) => world.receiver.received(path).length)).toEqual([
      1, 1, 2, 1,
    ]);
  });

  it('never reaches a webhook of another customer, nor one that was deleted', async () => {
    const [owner, other] = [await world.customer(), await world.customer()];
    await other.webhook('/tenant/other', ['*']);
    const { id } = await owner.webhook('/tenant/deleted', ['*']);
    await owner.webhook('/tenant/owner', ['*']);
    expect((await owner.http.delete(`webhooks/${id}`)).statusCode).toBe(204);
    await world.produce(world.sample('call_hangup', owner.id));
    await world.receiver.waitFor('/tenant/owner', 1);
    await world.produce(world.sample('call_hangup', other.id));
    await world.receiver.waitFor('/tenant/other', 1);
    expect(world.receiver.received('/tenant/other')).toHaveLength(1);
    expect(world.receiver.received('/tenant/deleted')).toHaveLength(0);
  });

  it('waits through two tiers and becomes a dead letter when its endpoint never answers 200', async () => {
    const customer = await world.customer();
    const { id } = await customer.webhook('/dead', ['call_hangup']);
    world.receiver.on('/dead', { kind: 'status', status: 500 });
    const deadLetters = await world.watch('webhook-dead-letters');
    await world.produce(world.sample('call_hangup', customer.id));
    const letter = await deadLetters.next((record) => record.key?.toString() === id);
    expect(String(letter.headers['delivery-attempts'])).toBe('3');
    expect(String(letter.headers['delivery-last-status'])).toBe('500');
    expect(String(letter.headers['dead-letter-reason'])).toBe('schedule_used_up');
    const attempts = world.receiver.received('/dead');
    expect(attempts.map(({ headers }) => headers['webhook-attempt'])).toEqual(['1', '2', '3']);
    expect(new Set(attempts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(attempts[1]!.at - attempts[0]!.at).toBeGreaterThanOrEqual(1_000);
    expect(attempts[2]!.at - attempts[1]!.at).toBeGreaterThanOrEqual(2_000);
  });

  it('is delivered by a later attempt, with the same id and body, when its endpoint recovers', async () => {
    const customer = await world.customer();
    await customer.webhook('/recovers', ['call_hangup']);
    world.receiver.on('/recovers', { kind: 'fail_first', failures: 1, status: 503 });
    await world.produce(world.sample('call_hangup', customer.id));
    const [first, second] = await world.receiver.waitFor('/recovers', 2);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.headers['webhook-sequence']).toBe(first!.headers['webhook-sequence']);
    expect(second!.body).toBe(first!.body);
  });
});

async function removeAll(http: Awaited<ReturnType<World['customer']>>['http']): Promise<void> {
  const { result } = await http.get('webhooks').json<{ result: Array<{ id: string }> }>();
  await Promise.all(result.map(({ id }) => http.delete(`webhooks/${id}`)));
}
