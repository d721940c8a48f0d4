/**
 * Makes a function that does its work at most once in a while, and what comes in between not at all.
 *
 * @param now monotonic milliseconds
 */
export function atMostEvery<T>(everyMs: number, now: () => number, work: (given: T) => void): (given: T) => void {
  let lastAt = -Infinity;
  return (given) => {
    if (now() - lastAt < everyMs) return;
    lastAt = now();
    work(given);
  };
}
