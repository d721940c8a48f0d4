import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type AttemptRecord, systemClock } from '#libs/domain';
import { AttemptRecordCodec, readInternalSchema, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';
import { headerText } from '#libs/kafka';

import { type TestCustomer, World } from '../support/world/world.ts';

/** How long an attempt at an endpoint that does not answer takes. */
const HANGING_MS = 24_000;
/** What a healthy endpoint's events may take beside it, on a machine that is busy with other tests. */
const PROMPT_MS = 14_000;

let world: World;
let healthy: TestCustomer;
let sick: TestCustomer;

beforeEach(async () => {
  world = await World.open({
    TOPIC_PARTITIONS: '1',
    RETRY_SCHEDULE: '1s,2s,3s,4s,5s',
    DELIVERY_TIMEOUT_MS: String(HANGING_MS),
  });
  [healthy, sick] = await Promise.all([world.customer(), world.customer()]);
});

afterEach(() => world.close());

/** Events of both customers, one after the other, each with a resource of its own. */
async function produceMixed(pairs: number): Promise<{ healthyIds: string[]; sickIds: string[] }> {
  const events = Array.from({ length: pairs }, () => [
    world.sample('call_hangup', sick.id),
    world.sample('call_hangup', healthy.id),
  ]);
  await Promise.all(events.flat().map((event) => world.produce(event)));
  return { healthyIds: events.map(([, event]) => event!.id), sickIds: events.map(([event]) => event!.id) };
}

function idsAt(path: string): string[] {
  return world.receiver.received(path).map(({ headers }) => String(headers['webhook-id']));
}

describe('an endpoint that does not answer, on the same host, port and partition', () => {
  it('costs its neighbour nothing, and gets every event once it answers again', async () => {
    await healthy.webhook('/healthy', ['*']);
    await sick.webhook('/sick', ['*']);
    world.receiver.on('/sick', { kind: 'hang' });
    const held = await world.watch('webhook-retry-1s');
    const { healthyIds, sickIds } = await produceMixed(300);

    await world.receiver.waitFor('/healthy', 300, PROMPT_MS);
    expect(idsAt('/healthy').toSorted()).toEqual(healthyIds.toSorted());
    const first = await held.next(({ headers }) => headerText(headers, 'delivery-holds') === '1', PROMPT_MS);
    expect(headerText(first.headers, 'delivery-attempts')).toBe('0');

    world.receiver.on('/sick', { kind: 'status', status: 200 });
    const deadline = Date.now() + 60_000;
    while (new Set(idsAt('/sick')).size < sickIds.length && Date.now() < deadline) {
      await world.receiver.waitFor('/sick', world.receiver.received('/sick').length + 1, deadline - Date.now());
    }
    expect([...new Set(idsAt('/sick'))].toSorted()).toEqual(sickIds.toSorted());
  });
});

describe('the trail', () => {
  it('has one record for each attempt, with what the endpoint answered and what comes next', async () => {
    const webhook = await healthy.webhook('/fails-once', ['*']);
    world.receiver.on('/fails-once', { kind: 'fail_first', failures: 1, status: 503 });
    const trail = await world.watch('webhook-attempts');
    const codec = attemptCodec();
    const event = world.sample('call_hangup', healthy.id);
    await world.produce(event);
    const records: AttemptRecord[] = [];
    while (records.length < 2) {
      const { value } = await trail.next(({ offset }) => offset === records.length);
      const decoded = await codec.decode(value!);
      if (decoded.kind !== 'record') throw new Error(JSON.stringify(decoded));
      records.push(decoded.record);
    }
    const [failed, delivered] = records;
    const common = { webhookId: webhook.id, customerId: healthy.id, eventId: event.id, eventType: 'call_hangup' };
    expect(failed).toMatchObject({
      ...common,
      attempt: 1,
      outcome: 'failed',
      reason: 'http_status',
      status: 503,
      next: 'retry',
      nextTier: '1s',
    });
    expect(failed!.timing).toMatchObject({ tlsMs: expect.any(Number), firstByteMs: expect.any(Number) });
    expect(delivered).toMatchObject({ ...common, attempt: 2, outcome: 'delivered', status: 200, next: 'none' });
    expect(delivered!.at).toBeGreaterThanOrEqual(failed!.nextAt!);
    expect(delivered!.id > failed!.id).toBe(true);
  });

  it('tells of a delivery that ends because its webhook was deleted', async () => {
    const webhook = await healthy.webhook('/deleted', ['*']);
    world.receiver.on('/deleted', { kind: 'status', status: 500 });
    const trail = await world.watch('webhook-attempts');
    await world.produce(world.sample('call_hangup', healthy.id));
    await trail.next(({ offset }) => offset === 0);
    await healthy.http.delete(`webhooks/${webhook.id}`);
    const { value } = await trail.next(({ offset }) => offset === 1);
    expect(await attemptCodec().decode(value!)).toMatchObject({
      record: { outcome: 'skipped', reason: 'webhook_deleted', attempt: 1, next: 'none', webhookId: webhook.id },
    });
  });
});

function attemptCodec(): AttemptRecordCodec {
  const registry = registryAddress(world.env['SCHEMA_REGISTRY_URL'] ?? '');
  return new AttemptRecordCodec({
    schema: readInternalSchema(join(import.meta.dirname, '../../schemas'), 'webhook_attempt'),
    registry,
    writerSchemas: new RegistryWriterSchemas(registry),
    clock: systemClock,
  });
}
