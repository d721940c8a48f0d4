import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { freePort } from '../../../deploy/local/ports.ts';

const script = join(import.meta.dirname, '../../../deploy/local/start.ts');
const READY = 'Ctrl-C stops everything.';

/** What `npm start` runs, with data and ports of its own, in a process group of its own as a terminal would give it. */
export class NpmStart {
  readonly lines: string[] = [];
  readonly exited: Promise<number | null>;
  readonly pid: number;
  private readonly written = new EventEmitter<{ line: [string] }>();

  private constructor(child: ChildProcess) {
    this.pid = child.pid ?? 0;
    const closed = once(child, 'close');
    this.exited = (async () => {
      await closed;
      return child.exitCode;
    })();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.add(line));
    }
  }

  /** @param env on top of an environment that names no address. */
  static async open(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<NpmStart> {
    const ports = { HTTP_PORT: String(await freePort()), HEALTH_PORT: String(await freePort()) };
    const addresses = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', MONGODB_URI: '' };
    const child = spawn(process.execPath, [script, '--data', dataDir], {
      env: { ...process.env, ...addresses, ...ports, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new NpmStart(child);
  }

  text(): string {
    return this.lines.join('\n');
  }

  /** Resolves when everything runs. */
  async ready(): Promise<void> {
    await this.line((line) => line === READY);
  }

  /** Resolves with the first line, past or to come, that satisfies the condition; throws when the run ends without one. */
  async line(wanted: (line: string) => boolean): Promise<string> {
    const written = this.lines.find(wanted);
    if (written !== undefined) return written;
    return new Promise((resolve, reject) => {
      const look = (line: string): void => {
        if (wanted(line)) resolve(line);
      };
      this.written.on('line', look);
      void this.exited.then(() => {
        this.written.off('line', look);
        return reject(new Error(`the run ended without that line:\n${this.text()}`));
      });
    });
  }

  private add(line: string): void {
    this.lines.push(line);
    this.written.emit('line', line);
  }

  /** A signal for it alone. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** What Ctrl-C does: the signal reaches the whole process group. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }
}
