import { runOnStack } from '../deploy/local/run-on-stack.ts';
import { HELP, OptionError, readOptions } from './options.ts';

const args = process.argv.slice(2);
checkOptions();
const started = performance.now();
await runOnStack({
  name: 'bench',
  main: 'bench/main.js',
  args,
  env: () => ({ BENCH_STARTED_MS_AGO: String(Math.round(performance.now() - started)) }),
  stopLimitMs: 15_000,
});

/** What cannot be used is told before anything is started. */
function checkOptions(): void {
  try {
    if (!readOptions(args).help) return;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`bench: ${error.message}`);
    process.exit(2);
  }
}
