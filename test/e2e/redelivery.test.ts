import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import avsc from 'avsc';
import got from 'got';

import { eventually } from '../support/world/eventually.ts';
import { listAll } from '../support/world/listing.ts';
import type { ReceivedRequest } from '../support/world/receiver.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

interface DeadLetter {
  readonly id: string;
  readonly event_id: string;
  readonly redelivered_at: string | null;
}

interface Replay {
  readonly id: string;
  readonly state: string;
  readonly progress: Readonly<Record<'read' | 'total' | 'sent' | 'delivered' | 'dead_letters', number>>;
}

interface RejectedEvent {
  readonly id: string;
  readonly reason: string;
  readonly at: string;
  readonly value: string | null;
  readonly redriven_at: string | null;
}

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: '500ms' }, ['config', 'delivery', 'retry', 'ledger']);
  customer = await world.customer();
});

afterAll(() => world.close());

const lettersOf = (webhookId: string): Promise<DeadLetter[]> =>
  listAll<DeadLetter>(customer.http, `webhooks/${webhookId}/dead-letters`);
const redeliver = async (path: string): Promise<[number, Replay]> => {
  const answer = await customer.http.post<Replay>(path, { responseType: 'json' });
  return [answer.statusCode, answer.body];
};
const until = (id: string, fits: (replay: Replay) => boolean): Promise<Replay> =>
  eventually(() => customer.http.get(`replays/${id}`).json<Replay>(), fits);
const replayed = (path: string, id: string): ReceivedRequest[] =>
  world.receiver.received(path).filter(({ headers }) => headers['webhook-replay'] === id);

/** A webhook at a path, with so many dead letters. */
async function failing(path: string, count: number): Promise<string> {
  const { id } = await customer.webhook(path, ['call_hangup']);
  world.receiver.on(path, { kind: 'status', status: 500 });
  for (let made = 0; made < count; made += 1) await world.produce(world.sample('call_hangup', customer.id));
  await eventually(
    () => lettersOf(id),
    (letters) => letters.length === count,
  );
  return id;
}

describe('a dead letter', () => {
  it('is redelivered alone, with its id and from the first attempt on, and the list says so', async () => {
    const webhookId = await failing('/one', 3);
    world.receiver.on('/one', { kind: 'status', status: 200 });
    const letter = (await lettersOf(webhookId))[1]!;
    const [status, { id }] = await redeliver(`webhooks/${webhookId}/dead-letters/${letter.id}/redeliver`);
    expect(status).toBe(202);
    const done = await until(id, ({ state, progress }) => state === 'done' && progress.delivered === 1);
    expect(done).toMatchObject({
      source: 'dead_letters',
      dead_letter_id: letter.id,
      progress: { read: 1, total: 1, sent: 1, delivered: 1, dead_letters: 0 },
    });
    const [first] = world.receiver.received('/one').filter(({ headers }) => headers['webhook-id'] === letter.event_id);
    expect(replayed('/one', id).map(({ headers, body }) => [headers, body])).toEqual([
      [
        expect.objectContaining({
          'webhook-id': letter.event_id,
          'webhook-attempt': '1',
          'webhook-sequence': first!.headers['webhook-sequence'],
        }),
        first!.body,
      ],
    ]);
    const after = await lettersOf(webhookId);
    expect(after.map(({ redelivered_at }) => redelivered_at)).toEqual([null, expect.any(String), null]);
  });

  it('goes out with all others that were not redelivered; what fails again is a dead letter again', async () => {
    const webhookId = await failing('/all', 4);
    const before = await lettersOf(webhookId);
    const [, again] = await redeliver(`webhooks/${webhookId}/dead-letters/${before[0]!.id}/redeliver`);
    await until(again.id, ({ progress }) => progress.dead_letters === 1);
    await eventually(
      () => lettersOf(webhookId),
      (letters) => letters.length === 4 && letters[0]?.id === before[0]!.id && letters[0].redelivered_at === null,
    );

    world.receiver.on('/all', { kind: 'status', status: 200 });
    const [, one] = await redeliver(`webhooks/${webhookId}/dead-letters/${before[3]!.id}/redeliver`);
    await until(one.id, ({ progress }) => progress.delivered === 1);
    const [status, all] = await redeliver(`webhooks/${webhookId}/dead-letters/redeliver`);
    expect(status).toBe(202);
    const done = await until(all.id, ({ state, progress }) => state === 'done' && progress.delivered === 3);
    expect(done.progress).toMatchObject({ total: 3, read: 3, sent: 3, dead_letters: 0 });
    expect(
      replayed('/all', all.id)
        .map(({ headers }) => String(headers['webhook-id']))
        .toSorted(),
    ).toEqual(
      before
        .slice(0, 3)
        .map((letter) => letter.event_id)
        .toSorted(),
    );
    expect((await lettersOf(webhookId)).filter(({ redelivered_at }) => redelivered_at === null)).toEqual([]);
    const [, none] = await redeliver(`webhooks/${webhookId}/dead-letters/redeliver`);
    expect((await until(none.id, ({ state }) => state === 'done')).progress).toMatchObject({ total: 0, sent: 0 });
  });

  it('that does not exist, or belongs to another webhook, is not found', async () => {
    const webhookId = await failing('/mine', 1);
    const other = await customer.webhook('/other', ['call_hangup']);
    const [letter] = await lettersOf(webhookId);
    expect([
      (await redeliver(`webhooks/${webhookId}/dead-letters/${randomUUID()}/redeliver`))[0],
      (await redeliver(`webhooks/${other.id}/dead-letters/${letter!.id}/redeliver`))[0],
      (await redeliver(`webhooks/${randomUUID()}/dead-letters/${letter!.id}/redeliver`))[0],
    ]).toEqual([404, 404, 404]);
  });
});

describe('a rejected event', () => {
  it('whose schema was registered later is delivered when it is redriven, and the list says so', async () => {
    const guest = await world.customer();
    await guest.webhook('/mended', ['*']);
    const { schemaId, value, rejected } = await rejectedForItsSchema(guest.id);
    const redrive = await world.operator().post(`rejected-events/${rejected.id}/redrive`, { responseType: 'json' });
    expect([redrive.statusCode, redrive.body]).toMatchObject([202, { id: rejected.id }]);
    const [request] = await world.receiver.waitFor('/mended', 1);
    expect(JSON.parse(request!.body)).toMatchObject({ id: `e${schemaId}`, type: 'comet_seen', data: { id: 'halley' } });
    const listed = (await rejectedEvents()).find(({ id }) => id === rejected.id);
    expect(listed).toMatchObject({ redriven_at: expect.any(String), value: value.toString('base64') });
    const topic = await world.watch('resource-events');
    const record = await topic.next(
      ({ partition, offset }) =>
        JSON.stringify({ partition, offset }) ===
        JSON.stringify({
          partition: Object(redrive.body).position.partition,
          offset: Object(redrive.body).position.offset,
        }),
    );
    expect([record.key?.toString(), record.value, Object.keys(record.headers)]).toEqual([guest.id, value, []]);
  });

  it('that is larger than the topic accepts by now is refused, and told what to raise', async () => {
    const topic = `${world.prefix}resource-events`;
    await world.producer.send({ topic, key: randomUUID(), value: Buffer.alloc(50_000, 'x') });
    const [large] = await eventually(
      async () => (await rejectedEvents()).filter(({ value }) => value !== null && value.length > 50_000),
      (found) => found.length === 1,
    );
    const admin = world.kafka.admin();
    await admin.connect();
    const limit = (bytes: number) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: String(bytes) }] }],
      });
    const redrive = () => world.operator().post(`rejected-events/${large!.id}/redrive`, { responseType: 'json' });
    await limit(10_000);
    const refused = await eventually(redrive, ({ statusCode }) => statusCode !== 202);
    expect([refused.statusCode, refused.body]).toMatchObject([
      409,
      { error: { reason: 'RECORD_TOO_LARGE', message: expect.stringContaining('EVENT_MAX_BYTES') } },
    ]);
    await limit(1_048_576);
    expect(await eventually(redrive, ({ statusCode }) => statusCode === 202)).toMatchObject({ statusCode: 202 });
    await admin.disconnect();
  });

  it('without bytes, or that does not exist, is refused; so is whoever is not the operator', async () => {
    await world.producer.send({ topic: `${world.prefix}resource-events`, key: randomUUID(), value: null });
    const [empty] = await eventually(
      async () => (await rejectedEvents()).filter(({ value }) => value === null),
      (found) => found.length === 1,
    );
    const post = (id: string, http = world.operator()) =>
      http.post(`rejected-events/${id}/redrive`, { responseType: 'json' });
    const refused = await post(empty!.id);
    expect([refused.statusCode, refused.body]).toMatchObject([409, { error: { reason: 'BYTES_NOT_KEPT' } }]);
    expect((await post('0-99999')).statusCode).toBe(404);
    expect((await post(empty!.id, customer.http)).statusCode).toBe(403);
  });
});

const rejectedEvents = (): Promise<RejectedEvent[]> => listAll<RejectedEvent>(world.operator(), 'rejected-events');

/** Registers a schema under a name of its own, as a producer would; its id in the registry. */
async function register(name: string): Promise<{ id: number; type: avsc.Type }> {
  const text = ['id', 'type', 'resource_type', 'customer_id', 'tm_create'].map((field) => ({
    name: field,
    type: 'string',
  }));
  const data = { type: 'record', name: `${name}Data`, fields: [{ name: 'id', type: 'string' }] };
  const schema = { type: 'record', namespace: 'test', name, fields: [...text, { name: 'data', type: data }] };
  const { id } = await got
    .post(`${process.env['SCHEMA_REGISTRY_URL']}/subjects/test.${name}/versions`, {
      json: { schema: JSON.stringify(schema) },
    })
    .json<{ id: number }>();
  return { id, type: avsc.Type.forSchema(JSON.parse(JSON.stringify(schema))) };
}

/** Workers remember for a second that a schema is unknown. */
const FORGOTTEN_MS = 1_500;

/** A record written with the id that the registry gives out next, rejected, and then its schema registered; again where another took the id. */
async function rejectedForItsSchema(
  customerId: string,
): Promise<{ schemaId: number; value: Buffer; rejected: RejectedEvent }> {
  for (let tries = 0; tries < 5; tries += 1) {
    const unique = randomUUID().replaceAll('-', '');
    const schemaId = (await register(`Before${unique}`)).id + 1;
    const { type } = await register(`Before${unique}`);
    const event = {
      id: `e${schemaId}`,
      type: 'comet_seen',
      resource_type: 'comet',
      customer_id: customerId,
      tm_create: '2026-01-01T00:00:00Z',
      data: { id: 'halley' },
    };
    const header = Buffer.alloc(5);
    header.writeUInt32BE(schemaId, 1);
    const value = Buffer.concat([header, type.toBuffer(event)]);
    await world.produceBytes(customerId, value);
    const [rejected] = await eventually(
      async () => (await rejectedEvents()).filter((one) => one.value === value.toString('base64')),
      (found) => found.length === 1,
    );
    if (rejected!.reason === 'unknown_schema' && (await register(`After${unique}`)).id === schemaId) {
      const forgotten = Date.parse(rejected!.at) + FORGOTTEN_MS;
      await eventually(
        async () => Date.now(),
        (now) => now > forgotten,
      );
      return { schemaId, value, rejected: rejected! };
    }
  }
  throw new Error('somebody else took the id of the schema, five times');
}
