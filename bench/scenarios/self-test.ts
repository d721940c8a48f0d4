import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { usageOf } from '../measure/process-usage.ts';
import { pathOf } from '../receiver/target.ts';
import type { LoadResult, LoadTask } from '../receiver/load-message.ts';
import type { ReceiverProcess } from '../receiver/receiver-process.ts';
import type { Reporter } from '../report/reporter.ts';

/** What the receiver can take, from a process that does nothing but send ready-made requests. */
export interface SelfTest {
  /** One request at a time on each of 100 connections, as the sides send. */
  readonly oneAtATime: Capacity;
  /** Ten at a time on each of 100 connections. */
  readonly tenAtATime: Capacity;
}

export interface Capacity {
  readonly requestsPerSecond: number;
  readonly receiverCpuUs: number;
}

const CONNECTIONS = 100;
const MS = 1_000;

/** Measures the receiver: it must not be what limits the sides. */
export async function selfTest(receiver: ReceiverProcess, reporter: Reporter): Promise<SelfTest> {
  reporter.step('what the receiver can take');
  const oneAtATime = await load(receiver, 1);
  const tenAtATime = await load(receiver, 10);
  for (const [name, { requestsPerSecond, receiverCpuUs }] of Object.entries({ oneAtATime, tenAtATime })) {
    reporter.line(
      `  ${name}: ${Math.round(requestsPerSecond).toLocaleString('en')} requests/s, ${receiverCpuUs.toFixed(1)} us CPU`,
    );
  }
  return { oneAtATime, tenAtATime };
}

async function load(receiver: ReceiverProcess, depth: number): Promise<Capacity> {
  const child = fork(join(import.meta.dirname, '..', 'receiver', 'load.js'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answer = once(child, 'message');
  const task: LoadTask = {
    port: Number(new URL(receiver.origin).port),
    path: pathOf({ endpoint: 1, behaviour: { kind: 'answer' } }),
    connections: CONNECTIONS,
    depth,
    ms: MS,
  };
  const before = usageOf(receiver.pid);
  child.send(task);
  const [result]: LoadResult[] = await answer;
  const after = usageOf(receiver.pid);
  child.disconnect();
  await once(child, 'exit');
  const { requestsPerSecond, answered } = result ?? { requestsPerSecond: 0, answered: 0 };
  return { requestsPerSecond, receiverCpuUs: ((after.cpuMs - before.cpuMs) * 1_000) / answered };
}
