import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CodedError, messageOf } from '#libs/domain';

import { readOptions } from '../options.ts';
import { assuming, ASSUMPTIONS } from './assumptions.ts';
import { readMeasured } from './measured.ts';
import { capacityReport } from './report.ts';

/** Computes the plans of docs/capacity.md from a bench result. */
try {
  const { capacity = '', assume, charts } = readOptions(process.argv.slice(2));
  const measured = readMeasured(await readFile(capacity, 'utf8'));
  const { tables, outage } = capacityReport(measured, assume === undefined ? ASSUMPTIONS : assuming(assume));
  process.stdout.write(`${tables.join('\n\n')}\n`);
  if (charts !== undefined) {
    await mkdir(charts, { recursive: true });
    await writeFile(join(charts, 'outage.svg'), outage);
  }
} catch (error) {
  if (!(error instanceof CodedError) && !isMissingFile(error)) throw error;
  process.stderr.write(`bench: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
