import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { TestDatabase } from '../../testing/database.ts';
import { ReplayRepository } from './replay-repository.ts';
import { NO_PROGRESS, type Replay, type ReplaySource } from './replay.ts';

const LEASE_MS = 1_000;
const KEEP_MS = 50 * 365 * 86_400_000;
const database = new TestDatabase('replays');
const documents = database.db.collection<{ _id: string; expires_at?: Date }>('replays');
let now = Date.UTC(2026, 0, 1);
const replays = new ReplayRepository(database.store, { now: () => now }, { keepMs: KEEP_MS });
const fromLog: ReplaySource = {
  kind: 'log',
  partition: 3,
  from: 5,
  to: 5_000_000_000,
  since: 1_000,
  until: 2_000,
  eventTypes: ['call_*'],
  only: 'failed',
  dryRun: false,
};

beforeAll(() => replays.ensureIndexes());
beforeEach(() => documents.deleteMany({}));
afterAll(() => database.drop());

async function queued(given: Partial<Replay> = {}): Promise<Replay> {
  const replay: Replay = {
    id: randomUUID(),
    webhookId: 'webhook',
    customerId: 'customer',
    source: fromLog,
    state: 'queued',
    progress: NO_PROGRESS,
    failure: undefined,
    createdAt: now,
    startedAt: undefined,
    finishedAt: undefined,
    ...given,
  };
  await replays.insert(replay);
  await replays.insert(replay);
  return replay;
}

describe('a replay', () => {
  it('is given back whole, to its customer and to the operator', async () => {
    const dead: ReplaySource = { kind: 'dead_letters', id: 'event', total: 1, upTo: 'x' };
    for (const source of [fromLog, { ...fromLog, eventTypes: undefined }, dead, { ...dead, id: undefined }]) {
      const replay = await queued({ source });
      expect(await replays.find(replay.id)).toEqual(replay);
      expect(await replays.find(replay.id, 'customer')).toEqual(replay);
      expect(await replays.find(replay.id, 'somebody')).toBeUndefined();
    }
    expect(await replays.unfinished('webhook', 3)).toHaveLength(3);
    expect(await replays.unfinished('another', 3)).toEqual([]);
  });

  it('is run by one worker at a time, however many ask', async () => {
    const replay = await queued();
    const claims = await Promise.all(Array.from({ length: 8 }, () => replays.claim('log', LEASE_MS)));
    const taken = claims.filter((claim) => claim !== undefined);
    expect(taken.map((claim) => claim.replay)).toEqual([{ ...replay, state: 'running', startedAt: now }]);
    expect(await replays.claim('dead_letters', LEASE_MS)).toBeUndefined();
  });

  it('goes to another worker when the first is silent, where it stood; the first has no say any more', async () => {
    const { id } = await queued();
    const first = (await replays.claim('log', LEASE_MS))!;
    const { startedAt } = first.replay;
    const progress = { cursor: '77', read: 72, matched: 9, sent: 8 };
    expect(await replays.advance(first, progress, LEASE_MS)).toBe(true);
    now += LEASE_MS - 1;
    expect(await replays.claim('log', LEASE_MS)).toBeUndefined();
    expect(await replays.renew(first, LEASE_MS)).toBe(true);
    now += LEASE_MS;
    const second = (await replays.claim('log', LEASE_MS))!;
    expect(second.replay).toMatchObject({ id, progress, startedAt });
    expect(await replays.renew(first, LEASE_MS)).toBe(false);
    expect(await replays.advance(first, { ...progress, cursor: '1' }, LEASE_MS)).toBe(false);
    expect(await replays.finish(first)).toBe(false);
    expect(await replays.find(id)).toMatchObject({ state: 'running', progress });
  });

  it('can be let go of, for another to go on at once', async () => {
    await queued();
    const first = (await replays.claim('log', LEASE_MS))!;
    await replays.release(first);
    expect((await replays.claim('log', LEASE_MS))?.replay.id).toBe(first.replay.id);
  });

  it('ends once: done or failed by who runs it, or cancelled by whose it is', async () => {
    const [done, failed] = [await queued(), await queued()];
    const leases = [(await replays.claim('log', LEASE_MS))!, (await replays.claim('log', LEASE_MS))!];
    const leaseOf = ({ id }: Replay) => leases.find(({ replay }) => replay.id === id)!;
    expect(await replays.finish(leaseOf(done))).toBe(true);
    expect(await replays.finish(leaseOf(failed), 'because')).toBe(true);
    expect(await replays.find(done.id)).toMatchObject({ state: 'done', failure: undefined, finishedAt: now });
    expect(await replays.find(failed.id)).toMatchObject({ state: 'failed', failure: 'because', finishedAt: now });
    expect(await replays.cancel(done.id)).toMatchObject({ state: 'done' });

    const { id } = await queued();
    const lease = (await replays.claim('log', LEASE_MS))!;
    expect(await replays.cancel(id, 'somebody')).toBeUndefined();
    expect(await replays.renew(lease, LEASE_MS)).toBe(true);
    expect(await replays.cancel(id, 'customer')).toMatchObject({ state: 'cancelled', finishedAt: now });
    expect(await replays.advance(lease, NO_PROGRESS, LEASE_MS)).toBe(false);
    expect(await replays.finish(lease)).toBe(false);
    now += LEASE_MS;
    expect(await replays.claim('log', LEASE_MS)).toBeUndefined();
    expect(await replays.unfinished('webhook', 10)).toEqual([]);
    const [{ expires_at: expiresAt } = {}] = await documents.find({ _id: id }).toArray();
    expect(expiresAt).toEqual(new Date(now - LEASE_MS + KEEP_MS));
  });
});
