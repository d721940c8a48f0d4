import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/**
 * The shell starts a watcher and then becomes the program itself, so that its pid, signals and exit status are the
 * program's own. The watcher waits for the end of a pipe that only the parent holds: it ends when the parent is gone,
 * however that happened. It belongs to the program's process group, so that the group's number cannot be given to
 * another program while the watcher still means to signal it.
 */
const script = `
limit=$1
shift
exec 3<&0
(
  trap '' TERM INT HUP
  while read -r line; do :; done
  kill -s TERM -- -$$
  kill -s CONT -- -$$
  waited=0
  while [ $waited -lt $limit ] && kill -0 $$; do
    sleep 0.1
    waited=$((waited + 1))
  done
  kill -s KILL -- -$$
) <&3 3<&- >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
`;

/** How a process ended: the status it gave, or the signal that ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LeashOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Where output goes: the descriptor of an open file, or pipes to read. */
  readonly output: number | 'pipe' | 'inherit';
  /** Time from SIGTERM to SIGKILL, in milliseconds. */
  readonly stopLimitMs?: number;
}

/** A process that cannot outlive this one. */
export interface Leashed {
  readonly pid: number;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Resolves when the process has ended and its output has been read; never rejects. */
  readonly exited: Promise<Ended>;
  running(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM (or the signal given), then SIGKILL after the limit; resolves when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

const live = new Set<Leashed>();
let ending = false;

/** Stops every leashed process of this program, and lets none be started afterwards. */
export async function endEverything(): Promise<void> {
  ending = true;
  await Promise.all([...live].map((leashed) => leashed.stop()));
}

/** Starts a program in a session of its own, which ends with this process even when that is killed with SIGKILL. */
export async function leash(options: LeashOptions): Promise<Leashed> {
  if (ending) {
    throw new Error(`${options.command} was not started: this program is about to end`);
  }
  const stopLimitMs = options.stopLimitMs ?? 10_000;
  const tenths = String(Math.ceil(stopLimitMs / 100));
  const stdio: StdioOptions = ['pipe', options.output, options.output];
  const child = spawn('/bin/sh', ['-c', script, 'sh', tenths, options.command, ...options.args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio,
  });
  child.stdin?.on('error', () => undefined);
  const exited = whenEnded(child);
  await once(child, 'spawn');
  return hold(child, exited, stopLimitMs);
}

async function whenEnded(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('exit', () => child.stdin?.destroy());
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function hold(child: ChildProcess, exited: Promise<Ended>, stopLimitMs: number): Leashed {
  const { pid } = child;
  if (pid === undefined) {
    throw new Error('the process was started but has no pid');
  }
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const leashed: Leashed = {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    running,
    signal: (signal) => {
      child.kill(signal);
    },
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      // One that stands still heeds nothing else.
      child.kill('SIGCONT');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      const ended = await exited;
      clearTimeout(limit);
      return ended;
    },
  };
  live.add(leashed);
  void exited.then(() => live.delete(leashed));
  return leashed;
}
