import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { root } from '../../deploy/local/places.ts';
import { documented } from '../support/operations/documented.ts';

const execute = promisify(execFile);
const PAGE = 'docs/capacity.md';

const run = (commands: string): Promise<{ stdout: string }> =>
  execute('bash', ['-euo', 'pipefail', '-c', commands], { cwd: root });

describe('the commands of docs/capacity.md', () => {
  it('print its tables', async () => {
    const [recompute = ''] = await documented('Capacity', PAGE);
    const { stdout } = await run(recompute);
    const page = await readFile(join(root, PAGE), 'utf8');
    const tables = stdout.trim().split('\n\n');
    expect(tables).toHaveLength(4);
    for (const table of tables) expect(page).toContain(table);
  });

  it('take another result, other assumptions and a place for the chart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-capacity-'));
    const [recompute = '', own = ''] = await documented('Capacity', PAGE);
    const [, computing = ''] = own.split('\n');
    const { stdout: usual } = await run(recompute);
    const { stdout } = await run(
      computing.replace(' measured.json', ' bench/capacity/measured.json').replace('--charts .', `--charts ${folder}`),
    );
    expect(stdout).toContain('`webhooksPerEvent`');
    expect(stdout).not.toBe(usual);
    expect(await readFile(join(folder, 'outage.svg'), 'utf8')).toContain('A region is away');
    await rm(folder, { recursive: true });
  });

  it('say in one line what cannot be used', async () => {
    const refused = run('npm run --silent bench -- --capacity nowhere.json');
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^bench: .*nowhere\.json.*\n$/),
    });
  });
});
