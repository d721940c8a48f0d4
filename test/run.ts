import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Runs jest over everything but the guarantees at full length, or over what the arguments select, and closes with one line of counts. What needs
 * no stack does not share the machine with one, and the tests that measure time have it to themselves.
 */
const PHASES = [
  { name: 'without-the-stack', projects: ['unit'], workers: 2 },
  { name: 'on-the-stack', projects: ['integration', 'e2e'], workers: 2 },
  { name: 'alone', projects: ['timing'], workers: 1 },
  { name: 'broken', projects: ['faults'], workers: 2 },
  { name: 'to-deploy', projects: ['deploy'], workers: 1 },
];
const ALONE = ['timing', 'deploy', 'guarantees', 'soak'];
const alone = ALONE.some((project) => process.argv.includes(project));
const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
const folder = await mkdtemp(join(tmpdir(), 'webhook-tests-'));
let stopped = false;

interface Counts {
  readonly code: number;
  readonly passed: number;
  readonly failed: number;
}

/** @throws Error when jest ends without a result, unless it was stopped. */
async function run(name: string, choice: readonly string[]): Promise<Counts> {
  const resultFile = join(folder, `${name}.json`);
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      jest,
      ...process.argv.slice(2),
      ...choice,
      '--json',
      '--passWithNoTests',
      `--outputFile=${resultFile}`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const stop = (signal: NodeJS.Signals): void => {
    stopped = true;
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);

  const text = await readFile(resultFile, 'utf8').catch(() => undefined);
  if (text === undefined && stopped) return { code, passed: 0, failed: 0 };
  if (text === undefined) throw new Error(`the tests ended before they had a result (${code})`);
  const result: unknown = JSON.parse(text);
  const count = (key: string): number => {
    const value: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, key) : undefined;
    return typeof value === 'number' ? value : 0;
  };
  return {
    code,
    passed: count('numPassedTests'),
    failed: count('numFailedTests') + count('numRuntimeErrorTestSuites'),
  };
}

const results: Counts[] = [];
try {
  if (process.argv.includes('--selectProjects')) {
    results.push(await run('selected', [`--maxWorkers=${alone ? 1 : 2}`]));
  } else {
    for (const { name, projects, workers } of PHASES) {
      if (!stopped) results.push(await run(name, ['--selectProjects', ...projects, `--maxWorkers=${workers}`]));
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
if (stopped) console.error('stopped before all tests had run');
else if (passed + failed === 0) console.error('no test fits the arguments');
console.log(`${passed} passed, ${failed} failed`);
process.exit(results.find(({ code }) => code !== 0)?.code ?? (passed === 0 || stopped ? 1 : 0));
