import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { type Ended, leash, type Leashed } from './leash.ts';
import { root } from './places.ts';

/** The project's apps, in the order in which they start. */
export const APP_NAMES = ['config', 'delivery', 'retry', 'ledger'] as const;
export type AppName = (typeof APP_NAMES)[number];

/** One app process. */
export interface App {
  readonly name: AppName;
  /** Where its probes, and the config app's REST, answer. */
  readonly address: string;
  pid(): number;
  running(): boolean;
  /** Resolves when the process that runs now has ended. */
  exited(): Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL when the drain took too long. */
  stop(): Promise<Ended>;
  /** Starts it again after it ended, without waiting for readiness. */
  start(): Promise<void>;
  /** Resolves when the app is ready. @throws AppError when it ends before. */
  ready(): Promise<void>;
}

export interface AppOptions {
  readonly name: AppName;
  /** The port of its probes (and REST). */
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine?: (line: string) => void;
}

/** An app ended before it was ready. The message shows its last lines. */
export class AppError extends Error {
  readonly code = 'APP_FAILED';
}

/**
 * As in the image. More room for young objects is not faster, and would only be held. With its own code in large pages, where the system has
 * them, the runtime takes less time.
 */
export const ENGINE_OPTIONS = ['--max-semi-space-size=32', '--use-largepages=silent'] as const;
const STOP_LIMIT_MS = 25_000;
const READY_LIMIT_MS = 120_000;
const ASK_EVERY_MS = 100;
const ASK_LIMIT_MS = 3_000;
const KEPT_LINES = 15;

/** Starts one app of the build as a process that cannot outlive this one. */
export async function startApp(options: AppOptions): Promise<App> {
  const app = new AppProcess(options);
  await app.start();
  return app;
}

class AppProcess implements App {
  readonly name: AppName;
  readonly address: string;
  private readonly options: AppOptions;
  private process: Leashed | undefined;
  private tail: string[] = [];

  constructor(options: AppOptions) {
    this.name = options.name;
    this.options = options;
    this.address = `http://127.0.0.1:${options.port}`;
  }

  pid(): number {
    return this.process?.pid ?? 0;
  }

  running(): boolean {
    return this.process?.running() ?? false;
  }

  exited(): Promise<Ended> {
    return this.process?.exited ?? Promise.resolve({ code: 0, signal: null });
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.signal(signal);
  }

  async stop(): Promise<Ended> {
    return (await this.process?.stop()) ?? { code: 0, signal: null };
  }

  async start(): Promise<void> {
    const main = join(root, 'dist', 'apps', this.name, 'src', 'main.js');
    if (!existsSync(main)) throw new AppError(`${this.name} is not built; run: npm run build`);
    this.tail = [];
    const portVariable = this.name === 'config' ? 'HTTP_PORT' : 'HEALTH_PORT';
    this.process = await leash({
      command: process.execPath,
      args: ['--enable-source-maps', ...ENGINE_OPTIONS, main],
      env: { ...this.options.env, [portVariable]: String(this.options.port) },
      cwd: root,
      output: 'pipe',
      stopLimitMs: STOP_LIMIT_MS,
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.line(line));
    }
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + READY_LIMIT_MS;
    while (Date.now() < deadline) {
      if (!this.running()) {
        const { code, signal } = await this.exited();
        throw this.failure(`ended before it was ready (${signal ?? `exit code ${code}`})`);
      }
      const answer = await fetch(`${this.address}/health/ready`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) }).catch(
        () => undefined,
      );
      if (answer?.status === 200) return;
      await delay(ASK_EVERY_MS);
    }
    throw this.failure(`was not ready after ${READY_LIMIT_MS / 1_000} s`);
  }

  private line(line: string): void {
    this.tail = [...this.tail, line].slice(-KEPT_LINES);
    this.options.onLine?.(line);
  }

  private failure(what: string): AppError {
    return new AppError(
      [`The ${this.name} app ${what}. Its last lines:`, ...this.tail.map((line) => `  ${line}`)].join('\n'),
    );
  }
}
