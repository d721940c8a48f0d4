import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runDemo } from './play.ts';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const folder = await mkdtemp(join(tmpdir(), 'webhook-demo-'));
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ended.abort());

try {
  process.exitCode = await runDemo({
    once: values.once,
    signal: ended.signal,
    topicPrefix: `demo-${randomUUID().slice(0, 8)}-`,
    writeCa: async (pem) => {
      const path = join(folder, 'ca.pem');
      await writeFile(path, pem);
      return path;
    },
  });
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
