import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { type Stack, startStack } from '../../deploy/local/stack.ts';
import { eventually } from '../support/world/eventually.ts';
import { longestGapMs } from './harness/books.ts';
import { report } from './harness/figures.ts';
import { EVENTS_PER_SECOND, Ground } from './harness/ground.ts';

const run = promisify(execFile);
const DISK = '400m';
const CHUNK = Buffer.alloc(1_048_576);
const REFUSED_WITHIN_MS = 60_000;
/** A disk of a known size has to be mounted. */
const ifRoot = process.getuid?.() === 0 ? it : it.skip;

interface ErrorAnswer {
  readonly error: { readonly status: string };
}

let folder: string;
let disk: string;
let own: Stack;
let ground: Ground;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webhook-guarantees-'));
  disk = join(folder, 'disk');
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'none', disk]);
  await symlink(disk, join(folder, 'kafka'));
  own = await startStack({ dataDir: folder, env: {}, only: ['kafka'] });
  ground = await Ground.open({ apps: ['delivery', 'retry'], settings: { KAFKA_BROKERS: own.kafkaBrokers } });
});

afterEach(async () => {
  await ground.close();
  await own.stop();
  await run('umount', [disk]);
  await rm(folder, { recursive: true, force: true });
});

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

ifRoot('a full disk of the broker is told of, and costs nothing once there is space again', async () => {
  await ground.begin();
  const filler = join(disk, 'filler');
  await fill(filler);
  const { http } = ground.customers[0]!;
  const answer = await eventually(
    () => http.post<ErrorAnswer>('webhooks', { json: { url: 'https://example.com/', event_types: ['call_hangup'] } }),
    ({ statusCode }) => statusCode !== 201,
    REFUSED_WITHIN_MS,
  );
  await rm(filler);
  await own.part('kafka').restart();
  await ground.endpoints.until(ground.endpoints.answered + EVENTS_PER_SECOND, 120_000);
  const { books, receipts } = await ground.settle();
  report({
    fault: "the broker's disk is full",
    measured: { ...books, 'longest gap ms': longestGapMs(receipts.answered), 'API meanwhile': answer.statusCode },
  });
  expect(answer).toMatchObject({ statusCode: 503, body: { error: { status: 'UNAVAILABLE' } } });
  expect(books).toMatchObject({ lost: 0, orderViolations: 0, astray: 0 });
});
