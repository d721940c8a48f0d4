import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  addressVariables,
  type PartName,
  type RunningPart,
  type Stack,
  startStack,
} from '../../../deploy/local/stack.ts';
import { SmallDisk } from './small-disk.ts';

const DISK_SIZE = '400m';

/** Parts of the stack that run for one ground alone, so that they can be broken. */
export class OwnParts {
  /** The broker's own, where it has one. */
  readonly disk: SmallDisk | undefined;
  private readonly folder: string;
  private readonly stack: Stack;

  private constructor(given: { folder: string; disk: SmallDisk | undefined; stack: Stack }) {
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

async function mounted(folder: string): Promise<SmallDisk> {
  const disk = await SmallDisk.mount(join(folder, 'disk'), DISK_SIZE);
  await symlink(disk.folder, join(folder, 'kafka'));
  return disk;
}

async function removed(folder: string, disk: SmallDisk | undefined): Promise<void> {
  await disk?.unmount();
  await rm(folder, { recursive: true, force: true });
}
