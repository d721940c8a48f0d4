import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { loadCatalogue } from '#libs/event-schemas';
import { packageRoot } from '#libs/runtime';

import { apiDescription } from '../../../apps/config/src/api-description.ts';
import { clientFiles } from './client-types.ts';

const folder = join(packageRoot(), 'libs/client/src/generated');
const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));

describe('the types of the client', () => {
  it('are those of the description; UPDATE_CLIENT=1 npm test -- client-types writes them anew', async () => {
    const files = await clientFiles(apiDescription({ catalogue, allowHttp: false }));
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, name);
      if (process.env['UPDATE_CLIENT'] === '1') await writeFile(file, text);
      expect(await readFile(file, 'utf8').catch(() => '')).toBe(text);
    }
  });
});
