import type { Workload } from '../data/workload.ts';
import { expectedDeliveries } from '../data/workload.ts';
import type { Collected, Mark } from '../receiver/messages.ts';
import type { ReceiverProcess } from '../receiver/receiver-process.ts';
import type { Side } from '../sides/side.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** A run of one side over the events of a workload. */
export interface RunPlan {
  readonly workload: Workload;
  readonly events: number;
  /** In the ids of the events. */
  readonly series: number;
  /** The share of the deliveries that is not measured: start-up, compiling. */
  readonly warmUp: number;
  readonly limitMs: number;
}

/** The figures of a run. */
export interface RunFigures {
  /** In the window that is measured. */
  readonly deliveriesPerSecond: number;
  /** In the same window, of each process of the side, in microseconds. */
  readonly cpuUsPerDelivery: readonly number[];
  /** Of the largest process. */
  readonly peakRssBytes: number;
  /** The most that were open at once. */
  readonly connections: number;
  readonly verdict: Verdict;
  /** False when the time limit came first; the figures then tell what was reached. */
  readonly finished: boolean;
  /** What the side said last, where it did not finish. */
  readonly said: readonly string[];
}

const STALL_MS = 12_000;

/** Tells the receiver what comes. To be called before anything of the run can arrive. */
export async function beginRun(receiver: ReceiverProcess, plan: RunPlan): Promise<void> {
  const expected = expectedDeliveries(plan.workload, plan.events);
  await receiver.begin(plan.series, Math.max(1, Math.ceil(expected * plan.warmUp)), expected);
}

/** Waits until everything was delivered, the side has ended or the time is up. */
export async function awaitRun(receiver: ReceiverProcess, plan: RunPlan, side: Side): Promise<void> {
  receiver.watch(side.pids);
  await Promise.race([receiver.reached({ limitMs: plan.limitMs, stallMs: STALL_MS }), side.ended]);
  receiver.end();
}

/** The figures of a run from what the receiver took. */
export function figuresOf(plan: RunPlan, collected: Collected, side: Side): RunFigures {
  const { from, until, reached } = collected;
  return {
    deliveriesPerSecond: from === undefined ? 0 : ((until.count - from.count) / (until.at - from.at)) * 1_000,
    cpuUsPerDelivery: from === undefined ? [] : cpuPerDelivery(from, until),
    peakRssBytes: Math.max(0, ...until.usage.map(({ rssBytes }) => rssBytes)),
    connections: collected.connections,
    verdict: verdictOf(plan.workload, plan.events, collected.deliveries),
    finished: reached,
    said: reached ? [] : side.said(),
  };
}

/** Lets a side deliver a backlog that is in the log, and ends it. */
export async function drain(
  receiver: ReceiverProcess,
  plan: RunPlan,
  start: () => Promise<Side> | Side,
): Promise<RunFigures> {
  await beginRun(receiver, plan);
  const side = await start();
  try {
    await awaitRun(receiver, plan, side);
  } finally {
    await side.stop();
  }
  return figuresOf(plan, await receiver.collect(), side);
}

function cpuPerDelivery(from: Mark, until: Mark): number[] {
  return until.usage.map(({ cpuMs }, at) => {
    const used = cpuMs - (from.usage[at]?.cpuMs ?? 0);
    return (used * 1_000) / (until.count - from.count);
  });
}
