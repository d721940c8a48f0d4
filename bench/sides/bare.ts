import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { INLINING, YOUNG_OBJECTS } from '#libs/runtime';

import { ENGINE_OPTIONS } from '../../deploy/local/apps.ts';
import type { Workload } from '../data/workload.ts';
import { pathOf } from '../receiver/target.ts';
import type { BareTask, FromBare } from './bare/message.ts';
import type { Side } from './side.ts';

/** With about so many the bare loop is at its fastest: with 30 it reaches 0.92 of that, with 450 0.76. */
export const USUAL_CONNECTIONS = 100;

/** Starts the bare loop over a topic; it begins to read as soon as it can. @param given.connections each with one request at a time. */
export function startBare(
  workload: Workload,
  given: { brokers: readonly string[]; topic: string; groupId: string; origin: string; connections: number },
): Side {
  const child = fork(join(import.meta.dirname, 'bare', 'bare-loop.js'), {
    // What makes the product's runtime faster makes this one faster, too.
    execArgv: [...ENGINE_OPTIONS, ...YOUNG_OBJECTS, ...INLINING],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const task: BareTask = {
    ...given,
    paths: workload.routes.map(({ targets }) => targets.map(pathOf)),
  };
  child.send(task);
  const joined = whenJoined(child);
  return {
    pids: [child.pid ?? 0],
    ended,
    ready: () => Promise.race([joined, ended.then(() => Promise.reject(new Error('the bare loop ended')))]),
    said: () => [],
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function whenJoined(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message: FromBare) => {
      if (message.kind === 'joined') resolve();
    });
  });
}
