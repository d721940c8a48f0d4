import { setTimeout as pauseFor } from 'node:timers/promises';

import { expect } from '@jest/globals';

import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import type { GroundPlan } from './harness/ground.ts';
import { fullOrShort } from './harness/length.ts';
import { largestMib } from './harness/memory.ts';

const AWAY_MS = fullOrShort(10_000, 3_000);
const FROZEN_MS = fullOrShort(30_000, 5_000);
const MEMORY_MIB = 512;

const PLAN: GroundPlan = { apps: ['delivery', 'delivery', 'retry'], parts: ['kafka'] };

fault('kill -9 of Kafka loses nothing', PLAN, async (ground) => {
  await ground.begin();
  await ground.part('kafka').kill();
  await pauseFor(AWAY_MS);
  await ground.part('kafka').restart();
  await ground.goesOn();
  const { books, receipts } = await ground.settle();
  report({
    fault: `kill -9 of Kafka, back after ${AWAY_MS / 1_000} s`,
    measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered) },
  });
  expect(books).toMatchObject({ lost: 0, orderViolations: 0, astray: 0 });
});

fault('a frozen Kafka costs neither events nor memory', PLAN, async (ground) => {
  await ground.begin();
  ground.part('kafka').signal('SIGSTOP');
  await pauseFor(FROZEN_MS);
  const memory = largestMib(ground.workers('delivery'));
  ground.part('kafka').signal('SIGCONT');
  await ground.goesOn();
  const { books, receipts } = await ground.settle();
  report({
    fault: `Kafka frozen for ${FROZEN_MS / 1_000} s`,
    measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered), 'memory MiB': memory },
  });
  expect(books).toMatchObject({ lost: 0, orderViolations: 0, astray: 0 });
  expect(memory).toBeLessThan(MEMORY_MIB);
});
