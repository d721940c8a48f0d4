import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import { linkedAddress, SeverableLink } from '../../libs/store/testing/severable-link.ts';
import { eventually } from '../support/world/eventually.ts';
import { listAll } from '../support/world/listing.ts';
import { World } from '../support/world/world.ts';
import { writtenAttempts } from '../support/world/written-attempts.ts';

interface Attempt {
  readonly id: string;
  readonly event_id: string;
  readonly outcome: string;
}

interface Stats {
  readonly totals: Readonly<Record<'attempts' | 'delivered' | 'failed' | 'held', number>>;
}

const ROUNDS = 10;
const EVENTS_PER_ROUND = 100;
/** An hour that a killed ledger was counting is claimed for a minute. */
const RECOUNTED_WITHIN_MS = 90_000;
const LONGEST_LIFE_MS = 600;

let world: World;

afterEach(() => world.close());

describe('a ledger that is killed again and again', () => {
  it('ends with exactly one document for each attempt, and with right counts', async () => {
    world = await World.open({}, ['config', 'delivery', 'retry', 'ledger']);
    const customers = await Promise.all(Array.from({ length: 5 }, () => world.customer()));
    const webhooks = await Promise.all(customers.map((customer) => customer.webhook('/counted', ['*'])));
    const ledger = world.app('ledger');
    const produced: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await ledger.ready();
      const events = Array.from({ length: EVENTS_PER_ROUND }, (_, index) =>
        world.sample('call_updated', customers[index % customers.length]!.id),
      );
      produced.push(...events.map(({ id }) => id));
      const producing = Promise.all(events.map((event) => world.produce(event)));
      await pauseFor(Math.random() * LONGEST_LIFE_MS);
      ledger.signal('SIGKILL');
      expect(await ledger.exited()).toMatchObject({ signal: 'SIGKILL' });
      await Promise.all([producing, ledger.start()]);
    }
    await world.receiver.waitFor('/counted', produced.length);
    const written = await writtenAttempts(world, produced);
    const ids = written.map((record) => record.id);
    expect(new Set(ids).size).toBe(ids.length);

    const read = async (): Promise<Attempt[]> => {
      const lists = webhooks.map(({ id }, index) =>
        listAll<Attempt>(customers[index]!.http, `webhooks/${id}/attempts`),
      );
      return (await Promise.all(lists)).flat();
    };
    const documents = await eventually(read, (all) => all.length >= written.length, 60_000);
    expect(documents.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(deliveredIn(documents)).toEqual(new Set(produced));
    for (const [index, { id }] of webhooks.entries()) {
      const ours = written.filter((record) => record.webhookId === id);
      const counted = (outcome: string): number => ours.filter((record) => record.outcome === outcome).length;
      const [delivered, failed, held] = [counted('delivered'), counted('failed'), counted('held')];
      const expected = { attempts: delivered + failed, delivered, failed, held };
      const { totals } = await eventually(
        () => customers[index]!.http.get(`webhooks/${id}/stats`).json<Stats>(),
        (stats) => stats.totals.attempts >= expected.attempts && stats.totals.held >= held,
        RECOUNTED_WITHIN_MS,
      );
      expect(totals).toMatchObject(expected);
    }
  });
});

/** The events that were delivered; a slow machine leads to more attempts than these. */
function deliveredIn(attempts: readonly Attempt[]): Set<string> {
  return new Set(attempts.filter(({ outcome }) => outcome === 'delivered').map((attempt) => attempt.event_id));
}

describe('a ledger whose MongoDB or registry is away', () => {
  it('waits, skips nothing also when it is killed while it waits, and catches up', async () => {
    world = await World.open({ UNSETTLED_BYTES: '65536' });
    const mongodb = new SeverableLink(new URL(world.env['MONGODB_URI'] ?? '').host);
    const address = new URL(world.env['SCHEMA_REGISTRY_URL'] ?? '');
    const registry = new SeverableLink(address.host);
    try {
      await Promise.all([mongodb.mend(), registry.mend()]);
      await Promise.all([mongodb.cut(), registry.cut()]);
      address.host = `127.0.0.1:${registry.port}`;
      const ledger = await world.start('ledger', {
        MONGODB_URI: linkedAddress(world.env['MONGODB_URI'] ?? '', mongodb, world.prefix),
        SCHEMA_REGISTRY_URL: address.href,
      });
      const customer = await world.customer();
      const { id } = await customer.webhook('/patient', ['*']);
      const events = Array.from({ length: 400 }, () => world.sample('call_updated', customer.id));
      await Promise.all(events.map((event) => world.produce(event)));
      await world.receiver.waitFor('/patient', events.length);
      await eventually(
        async () => world.lines.filter((line) => line.includes('waits for the schema registry')).length,
        (lines) => lines > 0,
      );
      const probe = await fetch(`${ledger.address}/health/ready`);
      expect([probe.status, JSON.stringify(await probe.json())]).toEqual([503, expect.stringContaining('mongodb')]);

      await registry.mend();
      await eventually(
        async () => world.lines.filter((line) => line.includes('not written yet')).length,
        // Each takes longer than the time between two commits.
        (lines) => lines > 2,
      );
      expect((await customer.http.get(`webhooks/${id}/attempts`).json<{ result: unknown[] }>()).result).toEqual([]);

      ledger.signal('SIGKILL');
      await ledger.exited();
      await ledger.start();
      await mongodb.mend();
      const delivered = await eventually(
        async () => deliveredIn(await listAll<Attempt>(customer.http, `webhooks/${id}/attempts`)),
        (ids) => ids.size >= events.length,
        60_000,
      );
      expect(delivered).toEqual(new Set(events.map((event) => event.id)));
      await ledger.ready();
      expect(await ledger.stop()).toMatchObject({ code: 0 });
    } finally {
      await Promise.all([mongodb.cut(), registry.cut()]);
    }
  });
});
