import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let installed = false;

/**
 * kafkajs 2.2.4 arms a timer in the past after every answer, which then spins once a millisecond on each connection, for ever.
 * With nothing pending and no throttle there is nothing to check: the timer is not armed.
 *
 * @throws Error when the pinned client's inside no longer looks like this.
 */
export function installRequestQueueGuard(): void {
  if (installed) return;
  const queueClass: { prototype: RequestQueue } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue');
  const original = queueClass.prototype.scheduleCheckPendingRequests;
  if (typeof original !== 'function') throw new Error('kafkajs changed inside: its request queue guard no longer fits');
  queueClass.prototype.scheduleCheckPendingRequests = function guarded(this: RequestQueue): void {
    if (this.pending.length === 0 && !(this.throttledUntil > Date.now())) return;
    original.call(this);
  };
  installed = true;
}
