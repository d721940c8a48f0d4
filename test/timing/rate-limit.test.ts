import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../support/world/eventually.ts';
import { listAll } from '../support/world/listing.ts';
import { type TestCustomer, World } from '../support/world/world.ts';

const RATE = 5;
const EVENTS = 400;
const MINUTE_MS = 60_000;
/** Far less than the limited webhook needs. */
const PROMPT_MS = 40_000;

let world: World;
let customer: TestCustomer;

beforeAll(async () => {
  world = await World.open({ RETRY_SCHEDULE: '1s,5s,20s' }, [
    'config',
    'delivery',
    'delivery',
    'retry',
    'retry',
    'ledger',
  ]);
  customer = await world.customer();
});
afterAll(() => world.close());

async function limited({ http }: TestCustomer, path: string, rate: number): Promise<string> {
  const json = { url: world.receiver.origin + path, event_types: ['call_hangup'], rate_limit: rate };
  const { statusCode, body } = await http.post<{ id: string; rate_limit: number }>('webhooks', { json });
  expect([statusCode, body.rate_limit]).toEqual([201, rate]);
  return body.id;
}

/** Events of a customer, spread over the partitions and so over the workers, whoever they concern. */
async function produce(customerId: string, count: number): Promise<Set<string>> {
  const events = Array.from({ length: count }, () => world.sample('call_hangup', customerId));
  await Promise.all(events.map(async (event) => world.produceBytes(event.id, await world.encoded(event))));
  return new Set(events.map(({ id }) => id));
}

const idsAt = (path: string): Set<string> =>
  new Set(world.receiver.received(path).map(({ headers }) => String(headers['webhook-id'])));

describe('a webhook with a limit of 5 requests a second', () => {
  it('gets them over a minute from two workers together, loses none, and others get theirs at full speed', async () => {
    const id = await limited(customer, '/limited', RATE);
    await customer.webhook('/beside', ['call_hangup']);
    const other = await world.customer('other');
    await other.webhook('/other', ['call_hangup']);
    const [ids, others] = await Promise.all([produce(customer.id, EVENTS), produce(other.id, EVENTS)]);
    const began = Date.now();

    await Promise.all(['/beside', '/other'].map((path) => world.receiver.waitFor(path, EVENTS, PROMPT_MS)));
    expect(Date.now() - began).toBeLessThan(PROMPT_MS);
    expect([idsAt('/beside'), idsAt('/other')]).toEqual([ids, others]);

    const all = await world.receiver.waitFor('/limited', EVENTS, 2 * MINUTE_MS);
    const first = all[0]?.at ?? 0;
    const within = all.filter(({ at }) => at < first + MINUTE_MS).length;
    expect(within).toBeGreaterThan(RATE * 60 * 0.8);
    expect(within).toBeLessThan(RATE * 60 * 1.2);
    expect(idsAt('/limited')).toEqual(ids);
    expect(world.receiver.received('/limited')).toHaveLength(EVENTS);

    const sources = new Set(all.map(({ headers }) => String(headers['webhook-sequence']).split('.')[0]));
    expect(sources.size).toBeGreaterThan(1);
    const attempts = await eventually(
      () => listAll<{ reason: string | null }>(customer.http, `webhooks/${id}/attempts`, { outcome: 'held' }),
      ({ length }) => length > 0,
    );
    expect(new Set(attempts.map(({ reason }) => reason))).toEqual(new Set(['rate_limited']));
  });

  it('has a change of the limit count for what waits already', async () => {
    const patient = await world.customer('patient');
    const id = await limited(patient, '/raised', 1);
    const ids = await produce(patient.id, 100);
    await world.receiver.waitFor('/raised', 2);
    const { statusCode } = await patient.http.patch(`webhooks/${id}`, { json: { rate_limit: null } });
    expect(statusCode).toBe(200);
    await world.receiver.waitFor('/raised', ids.size, 60_000);
    expect(idsAt('/raised')).toEqual(ids);
  });
});
