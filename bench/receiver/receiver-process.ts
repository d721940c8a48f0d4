import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Collected, FromReceiver, ToReceiver } from './messages.ts';

/** The receiver's process, as the bench sees it. */
export class ReceiverProcess {
  private readonly child: ChildProcess;
  private waiting: { kind: FromReceiver['kind']; resolve(message: FromReceiver): void } | undefined;
  private whenUntil = Promise.withResolvers<void>();
  private origins: readonly string[] = [];
  onProgress: (answered: number) => void = () => undefined;

  private constructor() {
    this.child = fork(join(import.meta.dirname, 'process.js'), {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (message: FromReceiver) => this.take(message));
  }

  /** Starts it; resolves when it listens. */
  static async start(): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess();
    const listening = await receiver.answer('listening');
    if (listening.kind === 'listening') receiver.origins = listening.ports.map((port) => `http://127.0.0.1:${port}`);
    return receiver;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first origin, where everybody is unless said otherwise. */
  get origin(): string {
    return this.origins[0] ?? '';
  }

  /** The second one. */
  get otherOrigin(): string {
    return this.origins[1] ?? '';
  }

  /** Forgets what was received. The window that is measured begins at the answered request `from` and ends at `until`. */
  async begin(from: number, until: number): Promise<void> {
    this.whenUntil = Promise.withResolvers();
    const begun = this.answer('begun');
    this.send({ kind: 'begin', from, until });
    await begun;
  }

  /** The processes whose CPU time and memory are taken down at both ends of the window. */
  watch(pids: readonly number[]): void {
    this.send({ kind: 'watch', pids });
  }

  /** Resolves when `until` requests were answered, or after the limit; whether they were. */
  async reached(limitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs);
    });
    try {
      return await Promise.race([this.whenUntil.promise.then(() => true), limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  async collect(): Promise<Collected> {
    const collected = this.answer('collected');
    this.send({ kind: 'collect' });
    const message = await collected;
    if (message.kind !== 'collected') throw new Error('the receiver answered something else');
    return message;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }

  private send(message: ToReceiver): void {
    this.child.send(message);
  }

  private answer(kind: FromReceiver['kind']): Promise<FromReceiver> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the receiver process ended'));
      this.child.once('exit', ended);
      this.waiting = {
        kind,
        resolve: (message) => {
          this.child.off('exit', ended);
          resolve(message);
        },
      };
    });
  }

  private take(message: FromReceiver): void {
    if (message.kind === 'progress') this.onProgress(message.answered);
    else if (message.kind === 'until') this.whenUntil.resolve();
    else if (message.kind === this.waiting?.kind) this.waiting.resolve(message);
  }
}
