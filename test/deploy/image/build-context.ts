import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import dockerignore, { type Ignore } from '@balena/dockerignore';

/**
 * What a build can copy from: the files of a folder but those that its ignore file names. A folder that is left out is not looked
 * into for exceptions.
 */
export class BuildContext {
  readonly files: readonly string[];
  private readonly folder: string;

  private constructor(folder: string, files: readonly string[]) {
    this.folder = folder;
    this.files = files;
  }

  static async open(folder: string, ignoreFile: string): Promise<BuildContext> {
    const rules = dockerignore.default().add((await readFile(ignoreFile, 'utf8')).split('\n'));
    return new BuildContext(folder, await filesIn(folder, '', rules));
  }

  /**
   * Copies a file, or what a folder contains, as COPY does.
   *
   * @param target the file or folder that it becomes; a target that ends with a slash is the folder that a file goes into
   * @throws Error when the context has nothing of that name
   */
  async copy(source: string, target: string): Promise<void> {
    const wanted = this.files.filter((file) => file === source || file.startsWith(`${source}/`));
    if (wanted.length === 0) throw new Error(`${source} is not in the build context`);
    for (const file of wanted) {
      const place = file === source && target.endsWith('/') ? basename(file) : relative(source, file);
      const copied = join(target, place);
      await mkdir(dirname(copied), { recursive: true });
      await cp(join(this.folder, file), copied);
    }
  }
}

async function filesIn(folder: string, below: string, rules: Ignore): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(below, entry.name);
    if (rules.ignores(path)) return [];
    return entry.isDirectory() ? filesIn(folder, path, rules) : [path];
  });
  return (await Promise.all(found)).flat();
}
