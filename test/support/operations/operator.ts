import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { root } from '../../../deploy/local/places.ts';
import { eventually } from '../world/eventually.ts';
import { documented } from './documented.ts';
import { kafkaTools } from './kafka-tools.ts';

const execute = promisify(execFile);
const DATABASE_TOOLS = ['mongodump', 'mongorestore', 'mongoexport', 'mongoimport'];
const PATIENCE_MS = 120_000;

/** Who follows docs/operators.md: runs its commands in a shell that has the commands of Kafka and MongoDB. */
export class Operator {
  private readonly env: NodeJS.ProcessEnv;
  private readonly folder: string;
  /** The shell functions that the procedures use. */
  private readonly functions: string;

  private constructor(env: NodeJS.ProcessEnv, folder: string, functions: string) {
    this.env = env;
    this.folder = folder;
    this.functions = functions;
  }

  /** @param env what the docs have the operator export */
  static async with(env: NodeJS.ProcessEnv): Promise<Operator> {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-operator-'));
    const program = join(import.meta.dirname, 'database-tools.ts');
    const scripts = new Map([
      ...(await kafkaTools()),
      ...DATABASE_TOOLS.map((name) => [name, `exec '${process.execPath}' '${program}' ${name} "$@"`] as const),
    ]);
    for (const [name, line] of scripts) {
      await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`);
      await chmod(join(folder, name), 0o755);
    }
    const [, functions = ''] = await documented('Procedures');
    const path = [folder, dirname(process.execPath), process.env['PATH']].join(delimiter);
    return new Operator({ ...env, PATH: path }, folder, functions);
  }

  /** Runs commands from the project's folder; what they print, without the last line's end. @throws Error when one fails */
  async run(commands: string): Promise<string> {
    const script = [`cd '${this.folder}'`, `npm() { (cd '${root}' && command npm "$@"); }`, this.functions, commands];
    const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', script.join('\n')], { env: this.env });
    return stdout.trimEnd();
  }

  /** Runs commands again and again until they print what is waited for. @throws Error when they do not in two minutes */
  async until(commands: string, printed: string): Promise<void> {
    await eventually(
      () => this.run(commands),
      (output) => output === printed,
      PATIENCE_MS,
    );
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
