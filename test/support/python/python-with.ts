import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { installPythonPackage, venvPython } from '../../../deploy/local/install/python.ts';
import { waitForLock } from '../../../deploy/local/pid-lock.ts';
import { programsFolder } from '../../../deploy/local/places.ts';

/**
 * The Python of an environment that has one package from PyPI, which is downloaded the first time.
 *
 * @param version exact
 * @throws InstallError when it cannot be downloaded
 */
export async function pythonWith(name: string, version: string): Promise<string> {
  const folder = join(programsFolder, `python-${name}-${version}`);
  await mkdir(programsFolder, { recursive: true });
  const release = await waitForLock(join(programsFolder, `python-${name}.lock`), () => undefined);
  try {
    if (!existsSync(folder)) await install(`${name}==${version}`, folder);
  } finally {
    await release();
  }
  return venvPython(folder);
}

/** The folder is there once it is complete. */
async function install(requirement: string, folder: string): Promise<void> {
  const partial = await mkdtemp(`${folder}.`);
  try {
    await installPythonPackage(partial, requirement, () => undefined);
    await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
