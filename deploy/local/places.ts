import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package-lock.json'))) {
    const above = dirname(folder);
    if (above === folder) {
      throw new Error(`no package-lock.json above ${from}: the embedded stack runs from a checkout of the project`);
    }
    folder = above;
  }
  return folder;
}

/** The checkout. */
export const root = findRoot(import.meta.dirname);
/** Where `npm start` keeps what it downloads and stores; ignored by git. */
export const localFolder = join(root, '.local');
/** Downloaded programs, one folder per part and version. */
export const programsFolder = join(localFolder, 'parts');
/** Topics, schemas and documents of `npm start`, kept between runs. */
export const keptDataFolder = join(localFolder, 'data');
