import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Runs jest over everything, or what the arguments select, and closes with one line of counts. */
const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
const folder = await mkdtemp(join(tmpdir(), 'webhook-tests-'));
const resultFile = join(folder, 'result.json');

const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    '--json',
    '--maxWorkers=2',
    `--outputFile=${resultFile}`,
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));

const text = await readFile(resultFile, 'utf8').catch(() => undefined);
await rm(folder, { recursive: true, force: true });
if (text === undefined) {
  console.error('the tests ended before they had a result');
  process.exit(code === 0 ? 1 : code);
}
const result: unknown = JSON.parse(text);
const count = (name: string): number => {
  const value: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, name) : undefined;
  return typeof value === 'number' ? value : 0;
};
const failed = count('numFailedTests') + count('numRuntimeErrorTestSuites');
console.log(`${count('numPassedTests')} passed, ${failed} failed`);
process.exit(code);
