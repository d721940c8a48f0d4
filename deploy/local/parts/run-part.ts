import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ended, Leashed } from '../leash.ts';
import { lastLines } from '../log-tail.ts';
import { recordHolder, waitUntilGone } from '../pid-lock.ts';
import { freePort } from '../ports.ts';
import { describeEnd, PartStartError, type PartKind, type Site } from './part.ts';

const startLimitMs = 60_000;
/** A little more than what a leash takes to end the part of a parent that was killed. */
const formerLimitMs = 12_000;

/** A part of the stack that runs as a process of its own. */
export interface RunningPart {
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Ends it with SIGTERM (or the signal given), then with SIGKILL after 10 s; resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it with SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** Sends a signal (SIGSTOP and SIGCONT freeze and thaw it). */
  signal(signal: NodeJS.Signals): void;
  /** Starts it again on the same port with the same data, ending it first when it runs; resolves when it serves. */
  restart(): Promise<void>;
}

/** One part with its ports, whose process can be ended and started again. */
export class PartRunner implements RunningPart {
  readonly address: string;
  private readonly kind: PartKind;
  private readonly ports: readonly number[];
  private readonly stackDir: string;
  private readonly onUnexpectedEnd: (ended: Ended) => void;
  private process: Leashed | undefined;
  private endIsExpected = false;

  private constructor(
    kind: PartKind,
    ports: readonly number[],
    stackDir: string,
    onUnexpectedEnd: (ended: Ended) => void,
  ) {
    this.kind = kind;
    this.ports = ports;
    this.stackDir = stackDir;
    this.onUnexpectedEnd = onUnexpectedEnd;
    this.address = kind.address(ports);
  }

  /**
   * Starts a part on free ports; resolves when it serves.
   * @param stackDir holds `<part>/`, `<part>.pid` and `logs/<part>.log`
   * @param abandoned ends the wait, and the part, when the start has become pointless
   * @throws PartStartError
   */
  static async start(
    kind: PartKind,
    stackDir: string,
    onUnexpectedEnd: (ended: Ended) => void,
    abandoned: AbortSignal,
  ): Promise<PartRunner> {
    const ports: number[] = [];
    while (ports.length < kind.portCount) {
      ports.push(await freePort());
    }
    const runner = new PartRunner(kind, ports, stackDir, onUnexpectedEnd);
    await runner.startProcess('w', abandoned);
    return runner;
  }

  get pid(): number {
    if (this.process === undefined) {
      throw new Error(`${this.kind.title} was never started`);
    }
    return this.process.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.signal(signal);
  }

  async stop(signal?: NodeJS.Signals): Promise<void> {
    this.endIsExpected = true;
    await this.process?.stop(signal);
  }

  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.startProcess('a');
  }

  private async startProcess(logMode: 'w' | 'a', abandoned?: AbortSignal): Promise<void> {
    const logs = join(this.stackDir, 'logs');
    mkdirSync(logs, { recursive: true });
    const logFile = join(logs, `${this.kind.name}.log`);
    const pidFile = join(this.stackDir, `${this.kind.name}.pid`);
    await waitUntilGone(pidFile, formerLimitMs);
    const logFd = openSync(logFile, logMode);
    const dataDir = join(this.stackDir, this.kind.name);
    const site: Site = { dataDir, logFile, logFd, logStart: statSync(logFile).size, ports: this.ports };
    try {
      const started = await this.kind.start(site).catch((error: unknown) => this.fail(site, String(error)));
      this.process = started;
      await recordHolder(pidFile, started.pid);
      await this.untilReady(started, site, abandoned);
      this.endIsExpected = false;
      void this.watch(started);
    } finally {
      closeSync(logFd);
    }
  }

  private async untilReady(started: Leashed, site: Site, abandoned?: AbortSignal): Promise<void> {
    const limit = Date.now() + startLimitMs;
    while (!(await this.kind.isReady(site)) || !started.running()) {
      if (!started.running()) {
        await this.fail(site, `ended ${describeEnd(await started.exited)} while starting`);
      }
      if (abandoned?.aborted === true) {
        await started.stop();
        await this.fail(site, 'was stopped, as another part could not be started');
      }
      if (Date.now() > limit) {
        await started.stop('SIGKILL');
        await this.fail(site, `did not serve within ${startLimitMs / 1_000} s of its start`);
      }
      await delay(50);
    }
  }

  private async watch(started: Leashed): Promise<void> {
    const ended = await started.exited;
    if (!this.endIsExpected) {
      this.onUnexpectedEnd(ended);
    }
  }

  private async fail(site: Site, how: string): Promise<never> {
    throw new PartStartError(this.kind, how, site.logFile, await lastLines(site.logFile, site.logStart));
  }
}
