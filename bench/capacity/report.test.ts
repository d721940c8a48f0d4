import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ASSUMPTIONS } from './assumptions.ts';
import { readMeasured } from './measured.ts';
import { capacityReport } from './report.ts';
import { table } from './tables.ts';

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, '../..', file), 'utf8');

describe('docs/capacity.md', () => {
  it('shows what the model computes from bench/capacity/measured.json', async () => {
    const { tables, outage } = capacityReport(readMeasured(await read('bench/capacity/measured.json')), ASSUMPTIONS);
    const page = await read('docs/capacity.md');
    for (const each of tables) expect(page).toContain(`\n${each}\n`);
    expect(page).toContain('](outage.svg)');
    expect(await read('docs/outage.svg')).toBe(outage);
  });
});

describe('a table', () => {
  it('has columns as wide as what stands in them', () => {
    expect(table(['a', 'long head'], [['longer', 'x']])).toBe(
      ['| a      | long head |', '| ------ | --------- |', '| longer | x         |'].join('\n'),
    );
  });
});
