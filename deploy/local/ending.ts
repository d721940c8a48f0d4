import { spawnSync } from 'node:child_process';

const WATCH_EVERY_MS = 1_000;
/** npm passes a Ctrl-C on that the terminal has sent to everybody already; a person takes longer for a second one. */
const SAME_KEYSTROKE_MS = 1_000;

/**
 * Calls `end` once, when this process is asked to end: by Ctrl-C, by a signal, or because the process that started it is gone.
 * A second Ctrl-C ends at once; the leashes then end what was started.
 */
export function onEnding(end: (reason: string) => void): void {
  let askedAt: number | undefined;
  const ask = (reason: string): void => {
    if (askedAt === undefined) {
      askedAt = Date.now();
      end(reason);
    } else if (reason === 'SIGINT' && Date.now() - askedAt > SAME_KEYSTROKE_MS) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
  const parent = process.ppid;
  const above = parentOf(parent);
  setInterval(() => {
    if (process.ppid !== parent || !exists(above)) ask('its parent ended');
  }, WATCH_EVERY_MS).unref();
}

/** npm runs its scripts through a shell, which outlives an npm that is killed. */
function parentOf(pid: number): number | undefined {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const { stdout } = spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' });
  const above = Number.parseInt(stdout ?? '', 10);
  return above > 1 ? above : undefined;
}

function exists(pid: number | undefined): boolean {
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
