import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isControlRecord } from '#libs/kafka';
import got, { type Got, type Response } from 'got';

import type { App } from '../../deploy/local/apps.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { linkedAddress, SeverableLink } from '../../libs/store/testing/severable-link.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

const valid = { url: 'https://example.com/hooks', event_types: ['call_hangup'] };
const mongodbUri = process.env['MONGODB_URI'] ?? '';
const link = new SeverableLink(new URL(mongodbUri).host);
let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  await link.mend();
  world = await World.open({ MONGODB_URI: linkedAddress(mongodbUri, link, 'outage') }, ['config']);
  customer = await world.customer();
});

afterAll(async () => {
  await link.mend();
  await world.close();
  await link.cut();
});

/** The same customer's client at another config app. */
const at = (app: App, http: Got = customer.http): Got => http.extend({ prefixUrl: app.address });
const listed = async (): Promise<string[]> => {
  const { result } = await customer.http.get('webhooks').json<{ result: Array<{ id: string }> }>();
  return result.map(({ id }) => id);
};
/** A process that shares two cores with others may take a while to listen. */
const live = (app: App): Promise<unknown> =>
  got(`${app.address}/health/live`, { retry: { limit: 600, calculateDelay: () => 100 } });

function expectUnavailable({ statusCode, headers, body }: Response<unknown>): void {
  expect([statusCode, body]).toMatchObject([503, { error: { status: 'UNAVAILABLE' } }]);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(JSON.stringify(body)).not.toMatch(/mongo|kafka|127\.0\.0\.1|ECONN/i);
}

describe('without MongoDB', () => {
  it('every call that needs it answers 503, readiness says so without addresses, and all is well once it is back', async () => {
    const { id } = await customer.http.post('webhooks', { json: valid }).json<{ id: string }>();
    await link.cut();
    const answers = await Promise.all([
      customer.http.post('webhooks', { json: valid }),
      customer.http.get('webhooks'),
      customer.http.delete(`webhooks/${id}`),
      world.operator().post('customers', { json: { name: 'x' } }),
      world.operator().post('webhooks', { json: { ...valid, customer_id: customer.id } }),
    ]);
    answers.forEach(expectUnavailable);
    const ready = await world.operator().get('health/ready');
    expect([ready.statusCode, ready.body]).toMatchObject([503, { error: { mongodb: { status: 'down' } } }]);
    expect(JSON.stringify(ready.body)).not.toMatch(/127\.0\.0\.1|ECONN/);
    expect((await world.operator().get('health/live')).statusCode).toBe(200);
    await link.mend();
    await world.app('config').ready();
    expect(await listed()).toEqual([id]);
  });

  it('the app starts, and gets ready once MongoDB is there', async () => {
    await link.cut();
    const app = await world.start('config');
    await live(app);
    expectUnavailable(await at(app).get('webhooks'));
    expect((await at(app).get('health/ready')).statusCode).toBe(503);
    await link.mend();
    await app.ready();
    expect((await at(app).get('webhooks')).statusCode).toBe(200);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('without Kafka', () => {
  let lonely: App;

  beforeAll(async () => {
    lonely = await world.start('config', { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` });
    await live(lonely);
  });

  it('a webhook that cannot be announced is not made, and another config app tells of the taking back', async () => {
    const before = await listed();
    const since = Date.now();
    expectUnavailable(await whileOthersRest(() => at(lonely).post('webhooks', { json: valid })));
    expect(await listed()).toEqual(before);
    await eventuallyTold(since);
  });

  it('a webhook whose deletion cannot be announced stays deleted, can be deleted again, and is announced all the same', async () => {
    const { id } = await customer.http.post('webhooks', { json: valid }).json<{ id: string }>();
    const since = Date.now();
    await whileOthersRest(async () => {
      expectUnavailable(await at(lonely).delete(`webhooks/${id}`));
      expectUnavailable(await at(lonely).delete(`webhooks/${id}`));
      expect((await at(lonely).get(`webhooks/${id}`)).statusCode).toBe(404);
    });
    await eventuallyTold(since);
    expect(await listed()).not.toContain(id);
  });

  it('an event is refused', async () => {
    expectUnavailable(
      await at(lonely, world.operator()).post('events', { json: world.sample('call_hangup', customer.id) }),
    );
  });

  /** The other config app would take up a change that waits for five seconds, and on a busy machine it may wait that long. */
  async function whileOthersRest<T>(ask: () => Promise<T>): Promise<T> {
    world.app('config').signal('SIGSTOP');
    try {
      return await ask();
    } finally {
      world.app('config').signal('SIGCONT');
    }
  }

  /** Resolves when a control record of this customer appears that was sent after `since`. */
  async function eventuallyTold(since: number): Promise<void> {
    const watch = await world.watch('resource-events');
    await watch.next(
      (record) => isControlRecord(record) && record.timestamp > since && record.key?.toString() === customer.id,
    );
  }
});

describe('at the end', () => {
  it('a request that has begun is answered, a new one is not taken, and the process ends with 0', async () => {
    const app = await world.start('config');
    await app.ready();
    const body = JSON.stringify({ name: `late ${randomUUID()}` });
    const late = request(`${app.address}/customers`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.env['OPERATOR_KEY']}`,
        'content-type': 'application/json',
        'content-length': body.length,
        expect: '100-continue',
      },
    });
    late.flushHeaders();
    await once(late, 'continue');
    app.signal('SIGTERM');
    await refused(app);
    const answered = once(late, 'response');
    late.end(body);
    const [response] = await answered;
    expect(response.statusCode).toBe(201);
    response.resume();
    expect(await app.exited()).toEqual({ code: 0, signal: null });
  });

  async function refused(app: App): Promise<void> {
    for (;;) {
      const code = await got(`${app.address}/health/live`, { retry: { limit: 0 }, timeout: { request: 1_000 } }).then(
        () => undefined,
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined),
      );
      if (code === 'ECONNREFUSED') return;
    }
  }
});
