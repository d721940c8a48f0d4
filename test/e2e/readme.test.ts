import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Receiver } from '../support/world/receiver.ts';
import { World } from '../support/world/world.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

let world: World;
let endpoint: Receiver;

beforeAll(async () => {
  world = await World.open({ ALLOW_HTTP_ENDPOINTS: 'true' });
  endpoint = await Receiver.open();
});

afterAll(async () => {
  await endpoint.close();
  await world.close();
});

/** The indented commands of the README between two lines of it. */
async function commandsBetween(from: string, to: string): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const part = text.slice(text.indexOf(from) + from.length, text.indexOf(to));
  return part
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4))
    .join('\n');
}

describe('the commands of the README', () => {
  it('register a webhook and send it an event', async () => {
    const commands = (await commandsBetween('In a third terminal', 'The answer to `POST /webhooks`'))
      .replace(/^API=.*$/m, `API=${world.app('config').address}`)
      .replace(/^OPERATOR_KEY=.*$/m, `OPERATOR_KEY=${world.env['OPERATOR_KEY']}`)
      .replace('http://localhost:9000', endpoint.origin);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands]);
    expect(stdout).toContain('"secret":"whsec_');
    const [request] = await endpoint.waitFor('/hook', 1);
    expect(JSON.parse(request!.body)).toMatchObject({ type: 'call_hangup', data: { status: 'hangup' } });
  });

  it('that are npm scripts exist, and so do the files it points to', async () => {
    const text = await readFile(join(root, 'README.md'), 'utf8');
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    );
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
    for (const [, file] of text.matchAll(/\]\((docs\/[\w./-]+|[A-Z]+(?:\.md)?)\)/g)) {
      await expect(run('ls', [join(root, file!)])).resolves.toBeDefined();
    }
  });
});
