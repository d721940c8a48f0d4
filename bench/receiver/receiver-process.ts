import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Collected, FromReceiver, ToReceiver } from './messages.ts';

const LOOK_EVERY_MS = 100;

/** The receiver's process, as the bench sees it. */
export class ReceiverProcess {
  private readonly child: ChildProcess;
  private waiting: { kind: FromReceiver['kind']; resolve(message: FromReceiver): void } | undefined;
  private whenUntil = Promise.withResolvers<void>();
  private origins: readonly string[] = [];
  private progressAt = 0;
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

  /** Forgets what was received. The window that is measured begins at the answered request `from` of a series and ends at `until`. */
  async begin(series: number, from: number, until: number): Promise<void> {
    this.whenUntil = Promise.withResolvers();
    this.progressAt = performance.now();
    const begun = this.answer('begun');
    this.send({ kind: 'begin', series, from, until });
    await begun;
  }

  /** The processes whose CPU time and memory are taken down at both ends of the window. */
  watch(pids: readonly number[]): void {
    this.send({ kind: 'watch', pids });
  }

  /**
   * Resolves when `until` requests were answered: true; or when a limit was reached: false.
   * @param limits.stallMs how long nothing may be answered
   */
  async reached(limits: { limitMs: number; stallMs: number }): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = performance.now() + limits.limitMs;
    const limit = new Promise<boolean>((resolve) => {
      timer = setInterval(() => {
        const now = performance.now();
        if (now > deadline || now > this.progressAt + limits.stallMs) resolve(false);
      }, LOOK_EVERY_MS);
    });
    try {
      return await Promise.race([this.whenUntil.promise.then(() => true), limit]);
    } finally {
      clearInterval(timer);
    }
  }

  /** Ends the window, where the count has not done so: the processes that are watched are about to end. */
  end(): void {
    this.send({ kind: 'end' });
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
    if (message.kind === 'progress') {
      this.progressAt = performance.now();
      this.onProgress(message.answered);
    }
    if (message.kind === 'until') this.whenUntil.resolve();
    else if (message.kind === this.waiting?.kind) this.waiting.resolve(message);
  }
}
