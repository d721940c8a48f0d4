import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Keys {
  readonly OPERATOR_KEY: string;
  readonly SECRETS_KEY: string;
}

/** The keys that belong to kept data: made once, readable by their owner only. */
export async function keptKeys(dataDir: string): Promise<Keys> {
  const file = join(dataDir, 'keys.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const parsed: unknown = JSON.parse(text);
    if (isKeys(parsed)) return parsed;
    throw new Error(
      `${file} is damaged; the webhooks in this folder cannot be signed without it. Restore it, or remove ${dataDir} to begin anew.`,
    );
  }
  const keys = freshKeys();
  await writeFile(file, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}

/** Keys for a run whose data is thrown away. */
export function freshKeys(): Keys {
  return { OPERATOR_KEY: randomBytes(24).toString('base64url'), SECRETS_KEY: randomBytes(32).toString('base64') };
}

function isKeys(value: unknown): value is Keys {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'OPERATOR_KEY' in value &&
    typeof value.OPERATOR_KEY === 'string' &&
    'SECRETS_KEY' in value &&
    typeof value.SECRETS_KEY === 'string'
  );
}
