import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { appEnvironment } from './app-environment.ts';
import { build } from './build.ts';
import { onEnding } from './ending.ts';
import { endEverything, leash, type Leashed } from './leash.ts';
import { root } from './places.ts';
import { startStack } from './stack.ts';

export interface StackProgram {
  /** Names the folder of the stack's data. */
  readonly name: string;
  /** The program's file, from `dist/` on. */
  readonly main: string;
  readonly args: readonly string[];
  /** What the program gets beside the addresses of the stack; read when it starts. */
  readonly env?: () => NodeJS.ProcessEnv;
  /** Time from SIGTERM to SIGKILL, in milliseconds: it has processes or deliveries of its own to finish. */
  readonly stopLimitMs: number;
}

/**
 * Brings up a stack with data of its own, compiles, runs a program against it until it ends, and ends everything. This process exits with
 * the program's status, 1 when something could not be started, and 130 when it was asked to end.
 */
export async function runOnStack({ name, main, args, env, stopLimitMs }: StackProgram): Promise<void> {
  const say = (line: string): void => console.error(line);
  const dataDir = await mkdtemp(join(tmpdir(), `webhook-${name}-stack-`));
  let program: Leashed | undefined;
  let ending = false;

  /** The program first: it still needs the stack. */
  const end = async (code: number): Promise<never> => {
    await program?.stop();
    await endEverything();
    await rm(dataDir, { recursive: true, force: true });
    process.exit(code);
  };

  onEnding((reason) => {
    ending = true;
    say(`stopping (${reason})`);
    void end(130);
  });
  try {
    say('starting Kafka, the schema registry and the database; compiling meanwhile');
    const [stack] = await Promise.all([startStack({ dataDir, env: process.env, report: say }), build()]);
    program = await leash({
      command: process.execPath,
      args: ['--enable-source-maps', join(root, 'dist', main), ...args],
      env: { ...appEnvironment(stack, process.env), ...env?.() },
      cwd: root,
      output: 'inherit',
      stopLimitMs,
    });
    const { code } = await program.exited;
    if (!ending) await end(code ?? 1);
  } catch (error) {
    if (ending) return;
    say(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}
