const MINUTE_MS = 60_000;

/**
 * The time to tell as the one that the log goes back to, when it keeps records from `keptFrom` on: a whole minute, and
 * never less than one ahead, so that who asks again with this time within a minute is not late already.
 *
 * @param keptFrom milliseconds since the epoch, as is what is returned
 */
export function reachTold(keptFrom: number): number {
  return (Math.ceil(keptFrom / MINUTE_MS) + 1) * MINUTE_MS;
}
