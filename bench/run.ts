import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { build } from '../deploy/local/build.ts';
import { root } from '../deploy/local/places.ts';
import { runOnStack } from '../deploy/local/run-on-stack.ts';
import { type BenchOptions, HELP, OptionError, readOptions } from './options.ts';

const args = process.argv.slice(2);
const options = usableOptions();
if (options.capacity !== undefined) {
  await build();
  const main = join(root, 'dist/bench/capacity/main.js');
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', main, ...args], { stdio: 'inherit' });
  process.exit(status ?? 1);
}
const started = performance.now();
await runOnStack({
  name: 'bench',
  main: 'bench/main.js',
  args,
  env: () => ({ BENCH_STARTED_MS_AGO: String(Math.round(performance.now() - started)) }),
  stopLimitMs: 15_000,
});

/** What cannot be used is told before anything is started. */
function usableOptions(): BenchOptions {
  try {
    const options = readOptions(args);
    if (!options.help) return options;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`bench: ${error.message}`);
    process.exit(2);
  }
}
