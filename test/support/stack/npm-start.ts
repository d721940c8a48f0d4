import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.pid = child.pid ?? 0;
    const closed = once(child, 'close');
    this.exited = (async () => {
      await closed;
      return child.exitCode;
    })();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => void this.lines.push(line));
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
    let ended = false;
    const end = this.exited.then(() => (ended = true));
    for (;;) {
      const found = this.lines.find(wanted);
      if (found !== undefined) return found;
      if (ended) throw new Error(`the run ended without that line:\n${this.text()}`);
      await Promise.race([once(this.child.stdout ?? process, 'data'), once(this.child.stderr ?? process, 'data'), end]);
      await new Promise(setImmediate);
    }
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
