import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForLock } from '../pid-lock.ts';
import { programsFolder } from '../places.ts';
import { kafkaProgram } from './kafka.ts';
import { mongodbProgram } from './mongodb.ts';
import { checkPrerequisites, type Prerequisite } from './prerequisites.ts';
import { programFolder, type PartName, type Program } from './program.ts';
import { showProgress, type Progress } from './progress.ts';
import { registryProgram } from './registry.ts';
import { InstallError } from './run-client.ts';

const programs: Readonly<Record<PartName, Program>> = {
  kafka: kafkaProgram,
  registry: registryProgram,
  mongodb: mongodbProgram,
};

const marker = 'installed.json';

function isInstalled(program: Program): boolean {
  return existsSync(join(programFolder(program), marker));
}

/** What a start needs of the machine: Java to run, and what the downloads that are still to be made need. */
function prerequisitesOf(wanted: readonly Program[]): Set<Prerequisite> {
  const needed = wanted.filter((program) => !isInstalled(program)).flatMap((program) => program.needs);
  const toRun = wanted.some((program) => program.needs.includes('java')) ? (['java'] as const) : [];
  return new Set([...toRun, ...needed]);
}

async function removeLeftovers(part: PartName): Promise<void> {
  for (const entry of await readdir(programsFolder)) {
    if (entry.startsWith(`.${part}-`) && entry.endsWith('.partial')) {
      await rm(join(programsFolder, entry), { recursive: true, force: true });
    }
  }
}

async function download(program: Program, progress: Progress): Promise<void> {
  await removeLeftovers(program.part);
  const target = programFolder(program);
  const partial = join(programsFolder, `.${program.part}-${program.version}.${process.pid}.partial`);
  await mkdir(partial);
  progress.start(program);
  try {
    await program.install(partial, (done) => progress.bytes(program.part, done));
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const text = error instanceof Error ? error.message : String(error);
    throw new InstallError(`${program.title} ${program.version} could not be downloaded: ${text}`, { cause: error });
  }
  await writeFile(join(partial, marker), JSON.stringify({ part: program.part, version: program.version }));
  await rm(target, { recursive: true, force: true });
  await rename(partial, target);
  progress.finish(program.part);
}

async function installOne(program: Program, progress: Progress, report: (line: string) => void): Promise<void> {
  if (isInstalled(program)) {
    return;
  }
  const release = await waitForLock(join(programsFolder, `${program.part}.lock`), (pid) =>
    report(`waiting for process ${pid}, which is downloading ${program.title}`),
  );
  try {
    if (!isInstalled(program)) {
      await download(program, progress);
    }
  } finally {
    await release();
  }
}

/**
 * Sees that the programs of these parts are in `.local/`, downloading side by side what is not. A download becomes
 * visible only once it is complete; two processes never download the same part at once.
 * @throws PrerequisiteError, InstallError
 */
export async function install(parts: readonly PartName[], report: (line: string) => void): Promise<void> {
  const wanted = parts.map((part) => programs[part]);
  await checkPrerequisites(prerequisitesOf(wanted));
  if (wanted.every(isInstalled)) {
    return;
  }
  await mkdir(programsFolder, { recursive: true });
  const progress = showProgress(report);
  const results = await Promise.allSettled(wanted.map((program) => installOne(program, progress, report)));
  progress.close();
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
}
