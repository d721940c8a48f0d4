import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { LockHeldError, recordHolder, takeLock, waitForLock, waitUntilGone } from './pid-lock.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pid-lock-'));
  file = join(folder, 'lock');
});
afterEach(async () => rm(folder, { recursive: true }));

describe('a lock', () => {
  it('is refused while its holder lives, and names it', async () => {
    const release = await takeLock(file);
    await expect(takeLock(file)).rejects.toMatchObject({ code: 'LOCK_HELD', pid: process.pid });
    await release();
    await (
      await takeLock(file)
    )();
  });

  it('is taken over from a process that is gone', async () => {
    const gone = spawn('true');
    await once(gone, 'close');
    await recordHolder(file, gone.pid ?? 0);
    await (
      await takeLock(file)
    )();
  });

  it('is taken over when another process has been given the pid of its holder since', async () => {
    await writeFile(file, `${process.pid}\nMon Jan  5 10:00:00 2015`);
    await (
      await takeLock(file)
    )();
  });

  it('is taken over from a file that names nobody', async () => {
    await writeFile(file, '');
    await (
      await takeLock(file)
    )();
  });

  it('is given to exactly one of many that find it stale', async () => {
    await writeFile(file, `${process.pid}\nMon Jan  5 10:00:00 2015`);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toContain(String(process.pid));
  });

  it('is waited for, with one word about the holder', async () => {
    const release = await takeLock(file);
    const told: number[] = [];
    const waiting = waitForLock(file, (pid) => {
      told.push(pid);
      void release();
    });
    await (
      await waiting
    )();
    expect(told).toEqual([process.pid]);
  });
});

describe('waiting for a process to be gone', () => {
  it('ends when it is, and gives up after the limit', async () => {
    const child = spawn('sleep', ['30']);
    await recordHolder(file, child.pid ?? 0);
    await expect(waitUntilGone(file, 100)).rejects.toThrow(LockHeldError);
    const waited = waitUntilGone(file, 10_000);
    child.kill();
    await waited;
    await waitUntilGone(join(folder, 'nothing'), 0);
  });
});
