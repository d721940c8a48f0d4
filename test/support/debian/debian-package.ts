import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { InstallError, runClient } from '../../../deploy/local/install/run-client.ts';
import { waitForLock } from '../../../deploy/local/pid-lock.ts';
import { programsFolder } from '../../../deploy/local/places.ts';

/**
 * Where the files of a package from Debian's archive are, in the version that this machine's sources have. It is downloaded and unpacked the
 * first time, not installed: that takes no root, and nothing of it starts by itself.
 *
 * @param packageName of a package that needs no other one
 * @param remedy what to do where that is not possible, for the message
 * @throws InstallError when it cannot be had
 */
export async function debianPackage(packageName: string, remedy: string): Promise<string> {
  const folder = join(programsFolder, `debian-${packageName}`);
  await mkdir(programsFolder, { recursive: true });
  const release = await waitForLock(join(programsFolder, `debian-${packageName}.lock`), () => undefined);
  try {
    if (!existsSync(folder)) await unpack(packageName, folder, remedy);
  } finally {
    await release();
  }
  return folder;
}

/** The folder is there once it is complete. */
async function unpack(packageName: string, folder: string, remedy: string): Promise<void> {
  const partial = await mkdtemp(`${folder}.`);
  const [archives, files] = [join(partial, 'archives'), join(partial, 'files')];
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    report(`downloading Debian's package ${packageName}`);
    await mkdir(archives);
    await download(packageName, archives, partial);
    const [archive = ''] = await readdir(archives);
    await runClient('dpkg-deb', ['-x', join(archives, archive), files], partial, () => undefined);
    await rename(files, folder);
    report(`${packageName} is there`);
  } catch (error) {
    throw new InstallError(`Debian's package ${packageName} could not be had. ${remedy}`, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Where the machine has no lists of its sources, or old ones, new lists are fetched, into a folder of their own. */
async function download(packageName: string, into: string, scratch: string): Promise<void> {
  const get = (options: readonly string[], command: readonly string[]): Promise<void> =>
    runClient('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', ...options, ...command], into, () => undefined);
  try {
    await get([], ['download', packageName]);
  } catch {
    const [lists, cache] = [join(scratch, 'lists'), join(scratch, 'cache')];
    await mkdir(join(lists, 'partial'), { recursive: true });
    await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
    const own = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`];
    await get(own, ['update']);
    await get(own, ['download', packageName]);
  }
}
