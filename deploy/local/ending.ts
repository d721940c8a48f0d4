const WATCH_EVERY_MS = 1_000;

/**
 * Calls `end` once, when this process is asked to end: by Ctrl-C, by a signal, or because the process that started it is gone.
 * A second Ctrl-C ends at once; the leashes then end what was started.
 */
export function onEnding(end: (reason: string) => void): void {
  let asked = false;
  const ask = (reason: string): void => {
    if (asked && reason === 'SIGINT') process.exit(130);
    if (asked) return;
    asked = true;
    end(reason);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) ask('its parent ended');
  }, WATCH_EVERY_MS).unref();
}
