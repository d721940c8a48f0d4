import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { debianPackage } from '../debian/debian-package.ts';

const run = promisify(execFile);
const REMEDY =
  'Install Prometheus 2.42 or newer, for example "apt-get install prometheus" or "brew install prometheus", and see that prometheus and promtool are on the PATH.';

/** Paths, or names that the PATH resolves. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * Prometheus and its tool: those on the PATH, else those of Debian's package.
 *
 * @throws InstallError when there are none
 */
export async function prometheusPrograms(): Promise<PrometheusPrograms> {
  const present = { prometheus: 'prometheus', promtool: 'promtool' };
  if ((await answers(present.prometheus)) && (await answers(present.promtool))) return present;
  const folder = join(await debianPackage('prometheus', REMEDY), 'usr', 'bin');
  return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
}

async function answers(program: string): Promise<boolean> {
  return run(program, ['--version']).then(
    () => true,
    () => false,
  );
}

/** What the tool found, and whether it is content. */
export interface Findings {
  readonly ok: boolean;
  readonly text: string;
}

/** Runs promtool, with text on its standard input where there is any. */
export async function promtool(args: readonly string[], input = ''): Promise<Findings> {
  const { promtool: program } = await prometheusPrograms();
  const running = run(program, [...args]);
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout, stderr }) => ({ ok: true, text: stdout + stderr }),
    (error: { stdout?: string; stderr?: string }) => ({ ok: false, text: `${error.stdout}${error.stderr}` }),
  );
}
