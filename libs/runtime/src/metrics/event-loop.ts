import { performance } from 'node:perf_hooks';

const BUSY = 0.9;
const SHORTEST_LOOK_MS = 10;

/** Makes a question: was the event loop busy for more than nine tenths of the time lately? Over at least 10 ms; cheap to ask. */
export function eventLoopBusy(): () => boolean {
  let before = performance.eventLoopUtilization();
  let lookedAt = performance.now();
  let busy = false;
  return () => {
    const now = performance.now();
    if (now - lookedAt < SHORTEST_LOOK_MS) return busy;
    const current = performance.eventLoopUtilization();
    busy = performance.eventLoopUtilization(current, before).utilization > BUSY;
    before = current;
    lookedAt = now;
    return busy;
  };
}
