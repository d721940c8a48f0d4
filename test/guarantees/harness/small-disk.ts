import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';

import { leash, type Leashed } from '../../../deploy/local/leash.ts';

/** Mounts at its first argument, and takes that back when it is told to end, or whoever started it has ended. */
const SCRIPT = `
mount -t tmpfs -o "size=$2" none "$1" || exit 1
echo mounted
trap : TERM INT HUP
sleep infinity &
wait
kill $! 2>/dev/null
umount -l "$1"
`;

/** A disk of a known size has to be mounted. */
export const canMount = process.getuid?.() === 0;

/** A disk in memory that can be filled; it goes with this process, however that ends. */
export class SmallDisk {
  readonly folder: string;
  private readonly holder: Leashed;

  private constructor(folder: string, holder: Leashed) {
    this.folder = folder;
    this.holder = holder;
  }

  /** @param size as `mount` takes it. @throws Error when the system does not let us mount */
  static async mount(folder: string, size: string): Promise<SmallDisk> {
    await mkdir(folder);
    const holder = await leash({ command: '/bin/sh', args: ['-c', SCRIPT, 'sh', folder, size], output: 'pipe' });
    const { stdout } = holder;
    const mounted = await Promise.race([
      holder.exited.then(() => false),
      stdout === null ? false : once(stdout, 'data').then(() => true),
    ]);
    if (!mounted) throw new Error(`no disk could be mounted at ${folder}`);
    return new SmallDisk(folder, holder);
  }

  async unmount(): Promise<void> {
    await this.holder.stop();
  }
}
