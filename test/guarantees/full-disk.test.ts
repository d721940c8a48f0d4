import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from '@jest/globals';

import { eventually } from '../support/world/eventually.ts';
import { longestGapMs } from './harness/books.ts';
import { fault } from './harness/fault.ts';
import { report } from './harness/figures.ts';
import type { GroundPlan } from './harness/ground.ts';

const CHUNK = Buffer.alloc(1_048_576);
const REFUSED_WITHIN_MS = 60_000;
const PLAN: GroundPlan = { apps: ['delivery', 'retry'], parts: ['kafka'], smallDisk: true };

interface ErrorAnswer {
  readonly error: { readonly status: string };
}

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (;;) await handle.write(CHUNK);
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'ENOSPC') throw error;
  } finally {
    await handle.close();
  }
}

/** Seen to fail when `WebhooksService.create` answers although the announcement failed: 201 for as long as the disk was full. */
fault('a full disk of the broker is told of, and costs nothing once there is space again', PLAN, async (ground) => {
  await ground.begin();
  const filler = join(ground.disk, 'filler');
  await fill(filler);
  const { http } = ground.customers[0]!;
  const answer = await eventually(
    async () => {
      const json = { url: 'https://example.com/', event_types: ['call_hangup'] };
      const { statusCode, body } = await http.post<ErrorAnswer>('webhooks', { json });
      return { statusCode, body };
    },
    ({ statusCode }) => statusCode !== 201,
    REFUSED_WITHIN_MS,
  );
  await rm(filler);
  await ground.part('kafka').restart();
  await ground.goesOn();
  const { books, receipts } = await ground.settle();
  report({
    fault: "the broker's disk is full",
    measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered), 'API meanwhile': answer.statusCode },
  });
  expect(answer).toMatchObject({ statusCode: 503, body: { error: { status: 'UNAVAILABLE' } } });
  expect(books).toMatchObject({ lost: 0, orderViolations: 0, astray: 0 });
});
