import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

it('loads no framework, metrics or tracing: a thread has memory of its own for all that it loads', () => {
  const module = JSON.stringify(join(import.meta.dirname, 'producer-thread.ts'));
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({
      resolve(name, context, next) {
        const found = next(name, context);
        loaded.add(/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url)?.[1]);
        return found;
      },
    });
    await import(${module}).catch(() => undefined);
    console.log(JSON.stringify([...loaded].filter((name) => name !== undefined)));`;
  const { stdout } = spawnSync(process.execPath, ['--conditions=source', '--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded).toEqual(expect.arrayContaining(['kafkajs', 'pino']));
  expect(loaded.filter((name) => /^@nestjs|^@opentelemetry|^prom-client|^mongodb/.test(name))).toEqual([]);
});
