import type { ReplayRun } from './replay-run.ts';

/** How the work on a replay ended. `stopped`: it is no longer this worker's. */
export type WorkEnd =
  { readonly kind: 'done' } | { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly message: string };

export const DONE: WorkEnd = { kind: 'done' };
export const STOPPED: WorkEnd = { kind: 'stopped' };

/** Does the work of a kind of replay. @throws UnavailableError when it has to be taken up again later */
export interface ReplayWork {
  run(run: ReplayRun): Promise<WorkEnd>;
}
