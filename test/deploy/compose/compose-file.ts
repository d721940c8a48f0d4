import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { root } from '../../../deploy/local/places.ts';
import { type GoProgram, goProgram } from '../../support/go/go-program.ts';

const run = promisify(execFile);

/** The reference implementation's own check of a file, which Docker Compose is built upon. */
export const COMPOSE: GoProgram = {
  name: 'compose-spec',
  path: 'github.com/compose-spec/compose-go/v2/cmd',
  version: 'v2.16.2',
};

export const COMPOSE_FILE = join(root, 'deploy', 'compose.yaml');

/** A volume, or a folder of this machine. */
export interface Mount {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly profiles?: readonly string[];
  readonly ports?: ReadonlyArray<{ readonly host_ip?: string; readonly target: number; readonly published: string }>;
  readonly volumes?: readonly Mount[];
  readonly configs?: ReadonlyArray<{ readonly source: string; readonly target: string }>;
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

/**
 * A file as Compose understands it: checked, merged, paths absolute.
 *
 * @param variables of its `.env`; what has a default may be left out
 * @throws Error when it is not valid, or a variable that it needs is missing
 */
export async function composeFile(file: string, variables: Readonly<Record<string, string>>): Promise<ComposeFile> {
  // The program forgets the variables that it was given, so they are put in afterwards.
  const program = await goProgram(COMPOSE);
  const { stdout } = await run(program, ['--no-interpolation', '--format', 'json', file], { cwd: dirname(file) });
  return JSON.parse(stdout, (_, value: unknown) =>
    typeof value === 'string' ? interpolated(value, variables) : value,
  );
}

/** Replaces `${NAME:-default}` and `${NAME:?message}`; `$$` stands for `$`. */
function interpolated(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\{(\w+):([-?])([^}]*)\}/g, (whole, name: string, kind: string, rest: string) => {
    if (whole === '$$') return '$';
    const value = variables[name];
    if (value) return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return rest;
  });
}
