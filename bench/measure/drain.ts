import type { Workload } from '../data/workload.ts';
import type { Mark } from '../receiver/messages.ts';
import type { ReceiverProcess } from '../receiver/receiver-process.ts';
import { expectedDeliveries, type Verdict, verdictOf } from './verdict.ts';

/** What reads the log and delivers. */
interface Running {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** The figures of a run over a backlog. */
export interface Drain {
  /** Over the window after the first fifth of the deliveries, so that start-up does not count. */
  readonly deliveriesPerSecond: number;
  /** In the same window, per delivery, of each process. */
  readonly cpuUs: readonly number[];
  readonly peakRssBytes: number;
  readonly connections: number;
  readonly verdict: Verdict;
  /** False when the time limit came first; the figures then tell what was reached. */
  readonly finished: boolean;
}

const WARM_UP_SHARE = 0.2;

/** Lets one side deliver a backlog that is in the log already. */
export async function drain(
  receiver: ReceiverProcess,
  run: { workload: Workload; events: number; limitMs: number; start: () => Promise<Running> | Running },
): Promise<Drain> {
  const expected = expectedDeliveries(run.workload, run.events);
  await receiver.begin(Math.ceil(expected * WARM_UP_SHARE), expected);
  const running = await run.start();
  try {
    receiver.watch(running.pids);
    await receiver.reached(run.limitMs);
  } finally {
    await running.stop();
  }
  const collected = await receiver.collect();
  const { from, until } = collected;
  return {
    deliveriesPerSecond: from === undefined ? 0 : ((until.count - from.count) / (until.at - from.at)) * 1_000,
    cpuUs: from === undefined ? [] : cpuPerDelivery(from, until),
    peakRssBytes: Math.max(0, ...until.usage.map(({ rssBytes }) => rssBytes)),
    connections: collected.connections,
    verdict: verdictOf(run.workload, run.events, collected.deliveries),
    finished: collected.reached,
  };
}

function cpuPerDelivery(from: Mark, until: Mark): number[] {
  return until.usage.map((usage, at) => {
    const used = usage.cpuMs - (from.usage[at]?.cpuMs ?? 0);
    return (used * 1_000) / (until.count - from.count);
  });
}
