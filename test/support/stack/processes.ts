import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function processes(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,stat=,args='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const dead = state === undefined || state.startsWith('Z');
    return dead ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
  });
}

/** The process and everything that it has started, as far as its parents still live. */
export async function familyOf(pid: number): Promise<Map<number, string>> {
  const all = await processes();
  const family = new Map<number, string>();
  const add = (member: number): void => {
    for (const each of all) {
      if (each.pid === member) family.set(each.pid, each.command);
      if (each.parent === member) add(each.pid);
    }
  };
  add(pid);
  return family;
}

/** Waits for every process of a family to be gone; resolves with what is left after the limit. */
export async function leftOf(family: ReadonlyMap<number, string>, limitMs: number): Promise<string[]> {
  for (const deadline = Date.now() + limitMs; ;) {
    const left = (await processes()).filter(({ pid, command }) => family.get(pid) === command);
    if (left.length === 0 || Date.now() > deadline) return left.map(({ pid, command }) => `${pid} ${command}`);
    await delay(100);
  }
}
