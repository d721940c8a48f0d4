import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  addressVariables,
  type PartName,
  type RunningPart,
  type Stack,
  startStack,
} from '../../../deploy/local/stack.ts';

const run = promisify(execFile);
const DISK = '400m';

/** A disk of a known size has to be mounted. */
export const canMount = process.getuid?.() === 0;

/** Parts of the stack that run for one ground alone, so that they can be broken. */
export class OwnParts {
  /** The folder of the broker's own small disk, where it has one. */
  readonly disk: string | undefined;
  private readonly folder: string;
  private readonly stack: Stack;

  private constructor(given: { folder: string; disk: string | undefined; stack: Stack }) {
    this.folder = given.folder;
    this.disk = given.disk;
    this.stack = given.stack;
  }

  /** Resolves when all of them serve. @throws Error when a small disk is wanted and cannot be mounted. */
  static async start(names: readonly PartName[], { smallDisk }: { smallDisk: boolean }): Promise<OwnParts> {
    const folder = await mkdtemp(join(tmpdir(), 'webhook-guarantees-'));
    const disk = smallDisk ? await mounted(folder) : undefined;
    try {
      return new OwnParts({ folder, disk, stack: await startStack({ dataDir: folder, env: {}, only: names }) });
    } catch (error) {
      await removed(folder, disk);
      throw error;
    }
  }

  /** The environment of apps that are to use these parts. */
  get settings(): NodeJS.ProcessEnv {
    const addresses: Readonly<Record<PartName, string>> = {
      kafka: this.stack.kafkaBrokers,
      registry: this.stack.schemaRegistryUrl,
      mongodb: this.stack.mongodbUri,
    };
    return Object.fromEntries(this.stack.embedded.map((name) => [addressVariables[name], addresses[name]]));
  }

  part(name: PartName): RunningPart {
    return this.stack.part(name);
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await removed(this.folder, this.disk);
  }
}

async function mounted(folder: string): Promise<string> {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'none', disk]);
  await symlink(disk, join(folder, 'kafka'));
  return disk;
}

async function removed(folder: string, disk: string | undefined): Promise<void> {
  if (disk !== undefined) await run('umount', [disk]);
  await rm(folder, { recursive: true, force: true });
}
