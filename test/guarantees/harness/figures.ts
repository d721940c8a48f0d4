import { appendFileSync } from 'node:fs';

/** A row of the table that closes a run. */
export interface Row {
  readonly fault: string;
  /** What was measured, each with its name and unit. */
  readonly measured: Readonly<Record<string, number | string>>;
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'fault' in value && 'measured' in value;
}

/** The file that collects the rows of all test files of a run. */
export const ROWS_FILE = 'GUARANTEES_ROWS';

/** Adds a row to the table of the run, where there is one, and prints it. */
export function report(row: Row): void {
  const text = Object.entries(row.measured).map(([name, value]) => `${name} ${value}`);
  process.stderr.write(`${row.fault}: ${text.join(', ')}\n`);
  const file = process.env[ROWS_FILE];
  if (file !== undefined && file !== '') appendFileSync(file, `${JSON.stringify(row)}\n`);
}
