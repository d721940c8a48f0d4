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
  setInterval(() => {
    if (process.ppid !== parent) ask('its parent ended');
  }, WATCH_EVERY_MS).unref();
}
