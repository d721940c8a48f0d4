import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { root } from './places.ts';

/** The build failed; the message holds the compiler's. */
export class BuildError extends Error {
  readonly code = 'BUILD_FAILED';
}

/** Compiles what has changed since the last build. @throws BuildError */
export async function build(): Promise<void> {
  const compiler = spawn(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], {
    cwd: root,
  });
  let output = '';
  compiler.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  compiler.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => compiler.once('close', resolve));
  if (code !== 0) throw new BuildError(`The build failed:\n${output}`);
}
