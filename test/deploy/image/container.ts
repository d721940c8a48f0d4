import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import { type Ended, leash, type Leashed } from '../../../deploy/local/leash.ts';
import type { Variables } from './dockerfile.ts';

const OWN_NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child'];
const run = promisify(execFile);

/**
 * The root of a container: the image's folder where it belongs, the programs of this machine, nothing that can be written to. It is seen
 * by the processes of the container alone and goes with them. What follows the five arguments becomes the first process.
 */
const SCRIPT = `
set -e
root=$1 folder=$2 place=$3 node=$4
shift 4
mount -t tmpfs none "$root"
show() {
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro "$root$2"
}
for each in /bin /lib /lib64 /usr /etc /dev /sys; do
  if [ -d $each ]; then show $each $each; fi
done
show "$folder" "$place"
show "$node" /node
mkdir "$root/proc" "$root/tmp"
mount -t proc proc "$root/proc"
mount -o remount,ro "$root"
exec chroot "$root" "$@"
`;

/** Whether this process may make namespaces and mount in them. */
export function canContain(): boolean {
  try {
    execFileSync('unshare', [...OWN_NAMESPACES, 'mount', '-t', 'tmpfs', 'none', '/tmp'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** What an engine takes from an image to run it. */
export interface Image {
  /** The folder that holds what the image puts at `workingFolder`. */
  readonly folder: string;
  readonly workingFolder: string;
  readonly environment: Variables;
  /** `uid:gid` */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
}

/**
 * A program of an image, run as an engine runs it: the first process of its own, as the image's user without any capability, upon a root that cannot
 * be written to, with the image's variables and those given. It shares the network of this machine, and ends with this process.
 */
export class Container {
  /** Everything that it prints. */
  readonly output: Promise<string>;
  readonly exited: Promise<Ended>;
  private readonly image: Image;
  private readonly environment: Variables;
  private readonly outer: Leashed;

  private constructor(image: Image, environment: Variables, outer: Leashed) {
    this.image = image;
    this.environment = environment;
    this.outer = outer;
    const { stdout, stderr } = outer;
    this.output = Promise.all([stdout ? text(stdout) : '', stderr ? text(stderr) : '']).then((both) => both.join(''));
    this.exited = outer.exited;
  }

  /** @param command follows the image's entrypoint */
  static async start(image: Image, command: readonly string[], variables: Variables): Promise<Container> {
    const environment = { ...image.environment, ...variables };
    const root = await mkdtemp(join(tmpdir(), 'webhook-container-'));
    const program = asUser(image, environment, [...image.entrypoint, ...command]);
    const parts = [root, image.folder, image.workingFolder, dirname(process.execPath)];
    const outer = await leash({
      command: 'unshare',
      args: [...OWN_NAMESPACES, '/bin/sh', '-c', SCRIPT, 'sh', ...parts, ...program],
      output: 'pipe',
    });
    void outer.exited.then(() => rm(root, { recursive: true, force: true }));
    return new Container(image, environment, outer);
  }

  /** Runs the image's HEALTHCHECK inside. @returns its exit code. */
  async health(): Promise<number> {
    const check = asUser(this.image, this.environment, this.image.healthcheck);
    const target = String(await this.firstProcess());
    try {
      await run('nsenter', ['--target', target, '--mount', '--pid', '--root', '--wd', ...check]);
      return 0;
    } catch (error) {
      const code: unknown = Reflect.get(Object(error), 'code');
      if (typeof code !== 'number') throw error;
      return code;
    }
  }

  /** Sends a signal to the first process, which nothing but its own handler or SIGKILL ends. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    process.kill(await this.firstProcess(), signal);
  }

  async kill(): Promise<void> {
    await this.outer.stop('SIGKILL');
  }

  /** Its number outside; the watcher of the leash is a child as well, but the first of nothing. */
  private async firstProcess(): Promise<number> {
    const { pid } = this.outer;
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
    for (const child of children) {
      const status = await readFile(`/proc/${child}/status`, 'utf8');
      if (/^NSpid:\s+\d+\s+1$/m.test(status)) return Number(child);
    }
    throw new Error('the container has no process');
  }
}

function asUser({ user, workingFolder }: Image, environment: Variables, command: readonly string[]): string[] {
  const [uid = '', gid = ''] = user.split(':');
  const rights = ['--clear-groups', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const variables = Object.entries({ PATH: '/node:/usr/bin:/bin', ...environment }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const setpriv = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...rights];
  const env = ['env', '--ignore-environment', `--chdir=${workingFolder}`, ...variables];
  return [...setpriv, ...env, ...command];
}
