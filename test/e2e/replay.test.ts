import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Got } from 'got';

import { eventually } from '../support/world/eventually.ts';
import type { ReceivedRequest } from '../support/world/receiver.ts';
import { listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface Replay {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly until: string;
  readonly progress: Readonly<Record<'read' | 'total' | 'matched' | 'sent' | 'delivered' | 'dead_letters', number>>;
}

interface Attempt {
  readonly event_id: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly replay_id: string | null;
}

interface ErrorAnswer {
  readonly error: {
    readonly reason: string;
    readonly message: string;
    readonly details: ReadonlyArray<{ readonly field: string; readonly message: string }>;
  };
}

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ REPLAY_RATE: '1000' }, ['config', 'delivery', 'retry', 'ledger']);
  customer = await world.customer();
});

afterAll(() => world.close());

const ask = async (
  webhookId: string,
  body: object,
  http: Got = customer.http,
): Promise<[number, Replay & ErrorAnswer]> => {
  const answer = await http.post<Replay & ErrorAnswer>(`webhooks/${webhookId}/replays`, {
    json: body,
    responseType: 'json',
  });
  return [answer.statusCode, answer.body];
};
const read = (id: string, http: Got = customer.http): Promise<Replay> => http.get(`replays/${id}`).json();
const settled = (id: string, fits: (replay: Replay) => boolean, limitMs?: number): Promise<Replay> =>
  eventually(() => read(id), fits, limitMs);
const replayed = (requests: readonly ReceivedRequest[], id: string): ReceivedRequest[] =>
  requests.filter(({ headers }) => headers['webhook-replay'] === id);
const idsOf = (requests: readonly ReceivedRequest[]): string[] =>
  requests.map(({ headers }) => String(headers['webhook-id'])).toSorted();

describe('a replay of a span of the log', () => {
  let webhookId: string;
  let since: string;
  const calls: string[] = [];
  const messages: string[] = [];

  const until = (): string => new Date(Date.now() + 1_000).toISOString();

  beforeAll(async () => {
    ({ id: webhookId } = await customer.webhook('/replayed', ['call_*', 'message_*']));
    await world.produce(world.sample('call_hangup', customer.id));
    await world.receiver.waitFor('/replayed', 1);
    since = await eventually(
      async () => new Date().toISOString(),
      (now) => Date.parse(now) > world.receiver.received('/replayed')[0]!.at,
    );
    for (let index = 0; index < 3; index += 1) {
      const [call, message] = [world.sample('call_hangup', customer.id), world.sample('message_created', customer.id)];
      await world.produce(call);
      await world.produce(message);
      await world.produce(world.sample('agent_created', customer.id));
      await world.produce(world.sample('call_hangup', randomUUID()));
      calls.push(call.id);
      messages.push(message.id);
    }
    await world.receiver.waitFor('/replayed', 7);
    await eventually(
      () => listAll<Attempt>(customer.http, `webhooks/${webhookId}/attempts`),
      (all) => all.length === 7,
    );
  });

  it('sends all of it once more under the same ids, with a header that names the replay', async () => {
    const [status, asked] = await ask(webhookId, { since, until: until(), only: 'all' });
    expect([status, asked.state]).toEqual([202, 'queued']);
    const done = await settled(asked.id, ({ state, progress }) => state === 'done' && progress.delivered === 6);
    expect(done).toMatchObject({
      webhook_id: webhookId,
      only: 'all',
      dry_run: false,
      failure: null,
      progress: { matched: 6, sent: 6, delivered: 6, dead_letters: 0, read: done.progress.total },
    });
    const requests = replayed(world.receiver.received('/replayed'), asked.id);
    expect(idsOf(requests)).toEqual([...calls, ...messages].toSorted());
    const first = world.receiver.received('/replayed').find(({ headers }) => headers['webhook-id'] === calls[0])!;
    const again = requests.find(({ headers }) => headers['webhook-id'] === calls[0])!;
    expect(again.body).toBe(first.body);
    expect(again.headers).toMatchObject({
      'webhook-attempt': '1',
      'webhook-sequence': first.headers['webhook-sequence'],
    });
    expect(first.headers['webhook-replay']).toBeUndefined();
    const attempts = await listAll<Attempt>(customer.http, `webhooks/${webhookId}/attempts`, { event_id: calls[0]! });
    expect(attempts.map(({ replay_id }) => replay_id)).toEqual([asked.id, null]);
    expect(await customer.http.get(`events/${calls[0]}`).json()).toMatchObject({
      deliveries: [{ webhook_id: webhookId, state: 'delivered', replay_id: asked.id }],
    });
  });

  it('sends only what was not delivered, and only the types asked for', async () => {
    world.receiver.on('/replayed', { kind: 'status', status: 500 });
    const [lostCall, lostMessage] = [
      world.sample('call_hangup', customer.id),
      world.sample('message_created', customer.id),
    ];
    await Promise.all([world.produce(lostCall), world.produce(lostMessage)]);
    const letters = (): Promise<unknown[]> => listAll(customer.http, `webhooks/${webhookId}/dead-letters`);
    await eventually(letters, (all) => all.length === 2);
    world.receiver.on('/replayed', { kind: 'status', status: 200 });

    const [, byType] = await ask(webhookId, { since, until: until(), only: 'failed', event_types: ['message_*'] });
    await settled(byType.id, ({ state, progress }) => state === 'done' && progress.delivered === 1);
    expect(idsOf(replayed(world.receiver.received('/replayed'), byType.id))).toEqual([lostMessage.id]);

    const [, failed] = await ask(webhookId, { since, until: until(), only: 'failed' });
    await settled(failed.id, ({ state, progress }) => state === 'done' && progress.delivered === 1);
    expect(idsOf(replayed(world.receiver.received('/replayed'), failed.id))).toEqual([lostCall.id]);
  });

  it('only counts in a dry run', async () => {
    const [status, asked] = await ask(webhookId, {
      since,
      until: until(),
      only: 'all',
      event_types: ['call_hangup'],
      dry_run: true,
    });
    expect(status).toBe(202);
    const done = await settled(asked.id, ({ state }) => state === 'done');
    expect(done.progress).toMatchObject({ matched: 4, sent: 0, delivered: 0, read: done.progress.total });
    await world.produce(world.sample('call_hangup', customer.id, { status: 'after-dry-run' }));
    await eventually(
      async () => world.receiver.received('/replayed').filter(({ body }) => body.includes('after-dry-run')),
      (found) => found.length === 1,
    );
    expect(replayed(world.receiver.received('/replayed'), asked.id)).toEqual([]);
  });

  it('goes on by the retry schedule where it fails, still under its name, and says what was given up again', async () => {
    const { id } = await customer.webhook('/refusing', ['message_created']);
    world.receiver.on('/refusing', { kind: 'status', status: 503 });
    const [, asked] = await ask(id, { since, until: until(), only: 'failed' });
    const done = await settled(
      asked.id,
      ({ progress }) => progress.dead_letters > 0 && progress.dead_letters === progress.sent,
    );
    expect(done.state).toBe('done');
    const requests = replayed(world.receiver.received('/refusing'), asked.id);
    expect(requests).toHaveLength(3 * done.progress.sent);
    expect(new Set(requests.map(({ headers }) => headers['webhook-attempt']))).toEqual(new Set(['1', '2', '3']));
  });

  it('is refused for times that the log does not hold, with how far back it goes', async () => {
    const [status, { error }] = await ask(webhookId, { since: '2020-01-01T00:00:00Z', until: until(), only: 'all' });
    expect([status, error.details.map(({ field }) => field)]).toEqual([400, ['since']]);
    const [, told] = /it goes back to (\S+)$/.exec(error.details[0]!.message) ?? [];
    for (const before1970 of ['1969-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z']) {
      const [refused, answer] = await ask(webhookId, { since: before1970, until: until(), only: 'all' });
      expect([refused, answer.error.details.map(({ field }) => field)]).toEqual([400, ['since']]);
    }
    const [later] = await ask(webhookId, { since: told, until: until(), only: 'all', dry_run: true });
    expect(later).toBe(202);
  });

  it('is refused for bad input, each field named', async () => {
    const now = new Date().toISOString();
    const future = new Date(Date.now() + 600_000).toISOString();
    const refused: Array<[object, string]> = [
      [{ until: now, only: 'all' }, 'since'],
      [{ since, only: 'all' }, 'until'],
      [{ since, until: now }, 'only'],
      [{ since, until: now, only: 'some' }, 'only'],
      [{ since: 'yesterday', until: now, only: 'all' }, 'since'],
      [{ since: now, until: since, only: 'all' }, 'until'],
      [{ since: now, until: now, only: 'all' }, 'until'],
      [{ since: future, until: new Date(Date.now() + 900_000).toISOString(), only: 'all' }, 'since'],
      [{ since, until: now, only: 'all', event_types: ['call_hangupp'] }, 'event_types[0]'],
      [{ since, until: now, only: 'all', event_types: [] }, 'event_types'],
      [{ since, until: now, only: 'all', dry_run: 'yes' }, 'dry_run'],
      [{ since, until: now, only: 'all', dryrun: true }, 'dryrun'],
    ];
    for (const [body, field] of refused) {
      const [status, answer] = await ask(webhookId, body);
      expect([body, status, answer.error.details.map((detail) => detail.field)]).toEqual([body, 400, [field]]);
    }
    const [status, clamped] = await ask(webhookId, { since, until: future, only: 'all', dry_run: true });
    expect(status).toBe(202);
    expect(Date.parse(clamped.until)).toBeLessThanOrEqual(Date.now());
  });

  it("is nobody else's", async () => {
    const stranger = await world.customer();
    const [status] = await ask(webhookId, { since: 'nonsense' }, stranger.http);
    const [, own] = await ask(webhookId, { since, until: until(), only: 'all', dry_run: true });
    const theirs = await stranger.http.get(`replays/${own.id}`);
    const cancelled = await stranger.http.delete(`replays/${own.id}`);
    const redelivered = await stranger.http.post(`webhooks/${webhookId}/dead-letters/redeliver`);
    const redriven = await stranger.http.post('rejected-events/0-0/redrive');
    expect([status, theirs.statusCode, cancelled.statusCode, redelivered.statusCode, redriven.statusCode]).toEqual([
      404, 404, 404, 404, 403,
    ]);
    expect(await read(own.id, world.operator())).toMatchObject({ id: own.id });
    await settled(own.id, ({ state }) => state === 'done');
  });
});
