import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Holder {
  readonly pid: number;
  /** When that process began, as ps tells it: a pid alone may have been given to another process since. */
  readonly began: string;
}

/** The lock is held by another process that is alive. */
export class LockHeldError extends Error {
  readonly code = 'LOCK_HELD';
  readonly pid: number;

  constructor(file: string, pid: number) {
    super(`${file} is held by process ${pid}`);
    this.name = 'LockHeldError';
    this.pid = pid;
  }
}

async function beginOf(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  const began = await beginOf(holder.pid);
  // Linux computes the time from the boot time, so it may differ by a second from one look to the next.
  return began !== undefined && Math.abs(Date.parse(began) - Date.parse(holder.began)) <= 2_000;
}

async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const [pid, began] = text?.split('\n') ?? [];
  return pid === undefined || began === undefined ? undefined : { pid: Number(pid), began };
}

/** Writes a file of one's own that can become the lock in one step, and removes it when it did not. */
async function withOwn(file: string, use: (own: string) => Promise<void>): Promise<boolean> {
  const own = `${file}.${randomUUID()}`;
  await recordHolder(own, process.pid);
  try {
    await use(own);
    return true;
  } catch {
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/** Notes which process uses what the file stands for. */
export async function recordHolder(file: string, pid: number): Promise<void> {
  await writeFile(file, `${pid}\n${(await beginOf(pid)) ?? ''}`);
}

/**
 * Resolves when the process that the file names is gone.
 * @throws LockHeldError when it is still there after the limit
 */
export async function waitUntilGone(file: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  const holder = await holderOf(file);
  if (holder === undefined) {
    return;
  }
  while (await isAlive(holder)) {
    if (Date.now() > deadline) {
      throw new LockHeldError(file, holder.pid);
    }
    await delay(200);
  }
}

/**
 * Replaces a lock whose holder is gone. Only one process at a time may do so, which a lock of its own sees to; otherwise
 * the second would replace the lock of the first.
 */
async function replaceStale(file: string): Promise<boolean> {
  const release = await waitForLock(`${file}.takeover`, () => undefined);
  try {
    const holder = await holderOf(file);
    if (!existsSync(file) || (holder !== undefined && (await isAlive(holder)))) {
      return false;
    }
    return await withOwn(file, (own) => rename(own, file));
  } finally {
    await release();
  }
}

/**
 * Takes the lock and returns what releases it. A lock whose holder is gone is taken over.
 * @throws LockHeldError when another process holds it
 */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await withOwn(file, (own) => link(own, file))) {
      return async () => rm(file, { force: true });
    }
    const holder = await holderOf(file);
    if (holder !== undefined && (await isAlive(holder))) {
      throw new LockHeldError(file, holder.pid);
    }
    if (existsSync(file) && (await replaceStale(file))) {
      return async () => rm(file, { force: true });
    }
  }
  throw new Error(`${file} cannot be taken: see that its folder can be written to`);
}

/** Like takeLock, but waits for the holder; `onWait` is told once whom it waits for. */
export async function waitForLock(file: string, onWait: (pid: number) => void): Promise<() => Promise<void>> {
  for (let told = false; ; told = true) {
    try {
      return await takeLock(file);
    } catch (error) {
      if (!(error instanceof LockHeldError)) {
        throw error;
      }
      if (!told) {
        onWait(error.pid);
      }
      await delay(300);
    }
  }
}
