import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { pythonWith } from './python-with.ts';

const LIMIT_MS = 30_000;
const run = promisify(execFile);

/** A request as its receiver got it, and the secret that the receiver holds. */
export interface Delivery {
  readonly secret: string;
  readonly body: string;
  /** The three headers of Standard Webhooks. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether the official library for Python accepts each of the deliveries. */
export async function verifyInPython(deliveries: readonly Delivery[]): Promise<readonly boolean[]> {
  const python = await pythonWith('standardwebhooks', '1.1.0');
  const verified = run(python, [join(import.meta.dirname, 'verify.py')], { timeout: LIMIT_MS });
  verified.child.stdin?.end(JSON.stringify(deliveries));
  const verdicts: unknown = JSON.parse((await verified).stdout);
  if (!Array.isArray(verdicts)) throw new Error('verify.py printed no list');
  return verdicts.map(Boolean);
}
