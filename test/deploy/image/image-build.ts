import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { text } from 'node:stream/consumers';

import { leash } from '../../../deploy/local/leash.ts';
import type { BuildContext } from './build-context.ts';
import type { Stage, Step, Variables } from './dockerfile.ts';

/**
 * Carries out every step of every stage, each stage in a folder that stands for its root. The base images are played by this machine,
 * with the Node that runs the tests first in the path; npm has the settings and the cache that it has here.
 *
 * @param folder absent or empty
 * @returns the folder of each stage, in their order
 * @throws Error when a step fails, with what it printed
 */
export async function buildStages(
  stages: readonly Stage[],
  context: BuildContext,
  folder: string,
): Promise<readonly string[]> {
  const roots: string[] = [];
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, String(index));
    await mkdir(root, { recursive: true });
    const rootOf = (name: string): string => {
      const found = stages.slice(0, index).findIndex((earlier) => earlier.name === name);
      if (found < 0) throw new Error(`no stage ${name} before stage ${index}`);
      return roots[found]!;
    };
    await buildStage(stage, root, context, rootOf);
    roots.push(root);
  }
  return roots;
}

async function buildStage(
  stage: Stage,
  root: string,
  context: BuildContext,
  rootOf: (stage: string) => string,
): Promise<void> {
  let folder = '/';
  for (const step of stage.steps) {
    if (step.kind === 'workdir') {
      folder = posix.resolve(folder, step.path);
      await mkdir(join(root, folder), { recursive: true });
    } else if (step.kind === 'run') {
      await run(step.command, join(root, folder), step.variables);
    } else {
      await copy(step, root, folder, context, rootOf);
    }
  }
}

async function copy(
  { from, sources, destination }: Extract<Step, { kind: 'copy' }>,
  root: string,
  folder: string,
  context: BuildContext,
  rootOf: (stage: string) => string,
): Promise<void> {
  const slash = destination.endsWith('/') || sources.length > 1 ? '/' : '';
  const target = join(root, posix.resolve(folder, destination)) + slash;
  for (const source of sources) {
    if (from === undefined) {
      await context.copy(posix.join(source), target);
      continue;
    }
    const original = join(rootOf(from), source);
    const intoFolder = slash !== '' && (await stat(original)).isFile();
    const copied = intoFolder ? join(target, basename(original)) : target;
    await mkdir(dirname(copied), { recursive: true });
    await cp(original, copied, { recursive: true, verbatimSymlinks: true });
  }
}

/** What the test runner sets, and what npm tells of the script that it runs, is no business of a build. */
function environment(variables: Variables): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_ENV|NODE_OPTIONS|JEST_WORKER_ID|INIT_CWD|npm_(package|lifecycle)_.*)$/.test(name),
  );
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
  return { ...Object.fromEntries(inherited), PATH, ...variables };
}

async function run([command = '', ...args]: readonly string[], cwd: string, variables: Variables): Promise<void> {
  const child = await leash({ command, args, cwd, env: environment(variables), output: 'pipe' });
  const [output, errors, { code }] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${output}${errors}`);
}
