import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { BareTask } from './message.ts';

/** The bare loop's process, as the bench sees it. */
export class BareProcess {
  private readonly child: ChildProcess;

  /** Starts it; it begins to read as soon as it can. */
  constructor(task: BareTask) {
    this.child = fork(join(import.meta.dirname, 'bare-loop.js'), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.send(task);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Ends it at once: it has nothing to finish. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}
