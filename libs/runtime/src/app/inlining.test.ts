import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

it('the engine knows what it is told: it only writes a line about what it does not know', () => {
  const module = JSON.stringify(join(import.meta.dirname, 'inlining.ts'));
  const program = `const { inlineMore } = await import(${module}); inlineMore(); console.log('told');`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: 'told\n', stderr: '', status: 0 });
});
