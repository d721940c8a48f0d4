import { performance } from 'node:perf_hooks';

const BUSY = 0.9;

/** Makes a question: was the event loop busy for more than nine tenths of the time since the question was asked last? */
export function eventLoopBusy(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization > BUSY;
  };
}
