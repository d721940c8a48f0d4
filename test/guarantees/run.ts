import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import Table from 'cli-table3';

import { isRow, type Row, ROWS_FILE } from './harness/figures.ts';

/**
 * Proves the guarantees at full length, and closes with a table of what was measured. Arguments go to jest, for example
 * `--testPathPatterns burst`. `--soak [minutes]`, 60 without a number, lets everything work on instead, and draws what it took;
 * `--mutants` breaks the code that the guarantees rest on, place by place, and says which breaks no unit test has noticed.
 */
const LONGEST_TEST_MS = 1_800_000;
const MINUTE_MS = 60_000;
const SOAK_MINUTES = 60;
const FAULT_WIDTH = 40;
const MEASURED_WIDTH = 78;

const args = process.argv.slice(2);
if (args[0] === '--mutants') process.exit(await mutants(args.slice(1)));
const soak = args[0] === '--soak';
const minutes = soak ? minutesOf(args[1]) : 0;
const choice = soak
  ? ['soak', `--testTimeout=${LONGEST_TEST_MS + minutes * MINUTE_MS}`, ...args.slice(2)]
  : ['guarantees', `--testTimeout=${LONGEST_TEST_MS}`, ...args];

const folder = await mkdtemp(join(tmpdir(), 'webhook-guarantees-'));
try {
  const file = join(folder, 'rows.jsonl');
  const child = spawn(process.execPath, [join(import.meta.dirname, '../run.ts'), '--selectProjects', ...choice], {
    stdio: 'inherit',
    env: { ...process.env, GUARANTEES_LENGTH: 'full', SOAK_MINUTES: String(minutes), [ROWS_FILE]: file },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const rows = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  if (rows.length > 0) process.stdout.write(`${tableOf(rows.map((line) => rowOf(line)))}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Resolves with the exit code. @param rest goes to Stryker, for example `--mutate <file>`. */
async function mutants(rest: readonly string[]): Promise<number> {
  const folder = dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json'));
  const configuration = join(import.meta.dirname, '../mutants/stryker.config.json');
  const child = spawn(process.execPath, [join(folder, 'bin', 'stryker.js'), 'run', configuration, ...rest], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

function minutesOf(text: string | undefined): number {
  const minutes = Number(text ?? SOAK_MINUTES);
  if (minutes > 0) return minutes;
  process.stderr.write(`--soak takes a number of minutes, not ${text}\n`);
  process.exit(2);
}

function rowOf(line: string): Row {
  const row: unknown = JSON.parse(line);
  if (!isRow(row)) throw new Error(`no row: ${line}`);
  return row;
}

function tableOf(rows: readonly Row[]): string {
  const table = new Table({
    head: ['fault', 'measured'],
    colWidths: [FAULT_WIDTH, MEASURED_WIDTH],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { fault, measured } of rows) {
    table.push([
      fault,
      Object.entries(measured)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ]);
  }
  return table.toString();
}
