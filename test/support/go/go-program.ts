import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { InstallError, runClient } from '../../../deploy/local/install/run-client.ts';
import { waitForLock } from '../../../deploy/local/pid-lock.ts';
import { programsFolder } from '../../../deploy/local/places.ts';

/** Where Go's own archive puts it, which is not on the PATH everywhere. */
const GO_FOLDER = '/usr/local/go/bin';

/** A program that is compiled from a Go module. */
export interface GoProgram {
  /** What it is to be called here. */
  readonly name: string;
  /** Of the program's package, without a version. */
  readonly path: string;
  readonly version: string;
}

/**
 * The path of a program, which is downloaded and compiled the first time: that takes some minutes.
 *
 * @throws InstallError when it cannot be had
 */
export async function goProgram({ name, path, version }: GoProgram): Promise<string> {
  const folder = join(programsFolder, `${name}-${version}`);
  await mkdir(programsFolder, { recursive: true });
  const release = await waitForLock(join(programsFolder, `${name}.lock`), () => undefined);
  try {
    if (!existsSync(folder)) await install(`${path}@${version}`, name, folder);
  } finally {
    await release();
  }
  return join(folder, name);
}

/** The folder is there once it is complete. */
async function install(program: string, name: string, folder: string): Promise<void> {
  const partial = await mkdtemp(`${folder}.`);
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const env = {
    ...process.env,
    PATH: `${process.env['PATH']}:${GO_FOLDER}`,
    GOBIN: partial,
    GOTOOLCHAIN: 'auto',
    CGO_ENABLED: '0',
  };
  try {
    report(`downloading and compiling ${program}, which takes some minutes`);
    await runClient('go', ['install', program], partial, report, env);
    const [built = ''] = await readdir(partial);
    await rename(join(partial, built), join(partial, name));
    await rename(partial, folder);
    report(`${program} is installed`);
  } catch (error) {
    const message = `${program} could not be installed; Go 1.23 or newer is needed, for example "apt-get install golang-go" or https://go.dev/dl`;
    throw new InstallError(message, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
