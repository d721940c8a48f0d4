import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { type Stack, startStack } from '../../deploy/local/stack.ts';
import { longestGapMs } from './harness/books.ts';
import { report } from './harness/figures.ts';
import { EVENTS_PER_SECOND, Ground } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';
import { largestMib } from './harness/memory.ts';

const AWAY_MS = fullOrShort(10_000, 5_000);
const FROZEN_MS = fullOrShort(30_000, 8_000);
const MEMORY_MIB = 512;

let folder: string;
let own: Stack;
let ground: Ground;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webhook-guarantees-'));
  own = await startStack({ dataDir: folder, env: {}, only: ['kafka'] });
  ground = await Ground.open({
    apps: ['delivery', 'delivery', 'retry'],
    settings: { KAFKA_BROKERS: own.kafkaBrokers },
  });
  await ground.begin();
});

afterEach(async () => {
  await ground.close();
  await own.stop();
  await rm(folder, { recursive: true, force: true });
});

it('kill -9 of Kafka loses nothing', async () => {
  await own.part('kafka').kill();
  await pauseFor(AWAY_MS);
  await own.part('kafka').restart();
  const before = ground.endpoints.answered;
  await ground.endpoints.until(before + EVENTS_PER_SECOND, 120_000);
  const { books, receipts } = await ground.settle();
  report({
    fault: `kill -9 of Kafka, back after ${AWAY_MS / 1_000} s`,
    measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered) },
  });
  expect(books).toMatchObject({ lost: 0, orderViolations: 0, astray: 0 });
});

it('a frozen Kafka costs neither events nor memory', async () => {
  own.part('kafka').signal('SIGSTOP');
  await pauseFor(FROZEN_MS);
  const memory = largestMib(ground.workers('delivery'));
  own.part('kafka').signal('SIGCONT');
  const before = ground.endpoints.answered;
  await ground.endpoints.until(before + EVENTS_PER_SECOND, 120_000);
  const { books, receipts } = await ground.settle();
  report({
    fault: `Kafka frozen for ${FROZEN_MS / 1_000} s`,
    measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered), 'memory MiB': memory },
  });
  expect(books).toMatchObject({ lost: 0, orderViolations: 0, astray: 0 });
  expect(memory).toBeLessThan(MEMORY_MIB);
});
