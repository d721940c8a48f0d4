import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '#libs/domain';
import { createLogger } from '#libs/runtime';
import { NO_PROGRESS, type ReplayLease, ReplayRepository } from '#libs/store';

import { TestDatabase } from '../../../../libs/store/testing/database.ts';
import { ReplayRunner } from './replay-runner.ts';
import type { ReplayRun } from './replay-run.ts';
import { DONE, type WorkEnd } from './work.ts';

const clock = systemClock;
const database = new TestDatabase('replay_runner');
const replays = new ReplayRepository(database.store, clock, { keepMs: -1 });

beforeAll(() => replays.ensureIndexes());
afterAll(() => database.drop());

async function queued(customerId: string): Promise<void> {
  await replays.insert({
    id: randomUUID(),
    webhookId: 'webhook',
    customerId,
    source: {
      kind: 'log',
      partition: 0,
      from: 0,
      to: 1,
      since: 0,
      until: 1,
      eventTypes: undefined,
      only: 'all',
      dryRun: true,
    },
    state: 'queued',
    progress: NO_PROGRESS,
    failure: undefined,
    createdAt: clock.now(),
    startedAt: undefined,
    finishedAt: undefined,
  });
}

it("lets one customer's replays take half of the lanes, and goes on with its others when one ends", async () => {
  const begun: string[] = [];
  const waiting: Array<(end: WorkEnd) => void> = [];
  let next = Promise.withResolvers<void>();
  const work = {
    run: (run: ReplayRun): Promise<WorkEnd> => {
      begun.push(run.replay.customerId);
      next.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
  const until = async (count: number): Promise<void> => {
    while (begun.length < count) {
      next = Promise.withResolvers();
      await next.promise;
    }
  };
  for (let count = 0; count < 6; count += 1) await queued('many');
  const runner = new ReplayRunner({
    replays,
    work: { log: work, dead_letters: work },
    logger: createLogger('test', 'silent'),
  });
  runner.start();
  await until(2);
  await queued('one');
  await queued('another');
  await until(4);
  expect(begun.toSorted()).toEqual(['another', 'many', 'many', 'one']);
  for (const end of waiting.splice(0)) end(DONE);
  await until(6);
  expect(begun.slice(4)).toEqual(['many', 'many']);
  const stopped = runner.stop();
  for (const end of waiting.splice(0)) end(DONE);
  await stopped;
});

it('gives back what it is handed after it was told to stop', async () => {
  await queued('late');
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  class SlowReplays extends ReplayRepository {
    override async claim(...given: Parameters<ReplayRepository['claim']>): Promise<ReplayLease | undefined> {
      const lease = await super.claim(...given);
      if (lease) asked.resolve();
      await answered.promise;
      return lease;
    }
  }
  const begun: string[] = [];
  const work = {
    run: async (run: ReplayRun): Promise<WorkEnd> => {
      begun.push(run.replay.customerId);
      return DONE;
    },
  };
  const runner = new ReplayRunner({
    replays: new SlowReplays(database.store, clock, { keepMs: -1 }),
    work: { log: work, dead_letters: work },
    logger: createLogger('test', 'silent'),
  });
  runner.start();
  await asked.promise;
  const stopped = runner.stop();
  answered.resolve();
  await stopped;
  expect(begun).toEqual([]);
  const free: string[] = [];
  for (let lease = await replays.claim('log', 60_000); lease; lease = await replays.claim('log', 60_000)) {
    free.push(lease.replay.customerId);
  }
  expect(free).toContain('late');
});
