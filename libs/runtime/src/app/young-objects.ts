import { setFlagsFromString } from 'node:v8';

/** What the engine is told of objects. */
export const YOUNG_OBJECTS = ['--no-allocation-site-pretenuring', '--no-parallel-scavenge'] as const;

/**
 * Tells the engine how objects live here: thousands a second, each for some milliseconds. To be called before anything runs.
 *
 * - Without pretenuring: while a backlog begins to be drained, most of what is looked at is alive, and the engine concludes that such
 *   objects live long. It then makes them in the old generation, where each keeps alive all that it refers to.
 * - One thread collects young objects: the few that are alive are not worth waking others for, which other processes have work for.
 */
export function expectYoungObjects(): void {
  for (const flag of YOUNG_OBJECTS) setFlagsFromString(flag);
}
