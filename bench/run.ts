import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { appEnvironment } from '../deploy/local/app-environment.ts';
import { build } from '../deploy/local/build.ts';
import { onEnding } from '../deploy/local/ending.ts';
import { endEverything, leash, type Leashed } from '../deploy/local/leash.ts';
import { root } from '../deploy/local/places.ts';
import { startStack } from '../deploy/local/stack.ts';
import { HELP, OptionError, readOptions } from './options.ts';

const STOP_LIMIT_MS = 15_000;

const say = (line: string): void => console.error(line);
checkOptions();
const started = performance.now();
const dataDir = await mkdtemp(join(tmpdir(), 'webhook-bench-stack-'));
let bench: Leashed | undefined;
let ending = false;

/** Ends everything, the bench first: it has workers to end. */
async function end(code: number): Promise<never> {
  await bench?.stop();
  await endEverything();
  await rm(dataDir, { recursive: true, force: true });
  process.exit(code);
}

onEnding((reason) => {
  ending = true;
  say(`stopping (${reason})`);
  void end(130);
});
try {
  say('starting Kafka, the schema registry and the database; compiling meanwhile');
  const [stack] = await Promise.all([startStack({ dataDir, env: process.env, report: say }), build()]);
  bench = await leash({
    command: process.execPath,
    args: ['--enable-source-maps', join(root, 'dist', 'bench', 'main.js'), ...process.argv.slice(2)],
    env: {
      ...appEnvironment(stack, process.env),
      BENCH_STARTED_MS_AGO: String(Math.round(performance.now() - started)),
    },
    cwd: root,
    output: 'inherit',
    stopLimitMs: STOP_LIMIT_MS,
  });
  const { code } = await bench.exited;
  if (!ending) await end(code ?? 1);
} catch (error) {
  if (!ending) {
    say(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}

/** What cannot be used is told before anything is started. */
function checkOptions(): void {
  try {
    if (!readOptions(process.argv.slice(2)).help) return;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    say(`bench: ${error.message}`);
    process.exit(2);
  }
}
