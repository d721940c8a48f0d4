import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { leash } from '../../../deploy/local/leash.ts';
import { pythonWith } from '../python/python-with.ts';
import type { World, TestCustomer } from '../world/world.ts';
import { accessKeyOf, callInputs } from './inputs.ts';

const VERSION = '4.32.5';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
];

/** What schemathesis came to. */
export interface Findings {
  /** 0: it found nothing. */
  readonly code: number;
  readonly output: string;
  /** Requests made, and held against the description. */
  readonly cases: number;
}

/**
 * Has schemathesis make requests, good and bad ones, from what the admin REST says of itself, and hold the answers against that. Each
 * call gets ids of things that are there, and a key that it lets in. The world's workers end.
 *
 * @param given.examples how many requests each call gets by chance, besides those at its edges
 */
export async function schemathesis(
  world: World,
  customer: TestCustomer,
  given: { examples: number; seed: number },
): Promise<Findings> {
  const python = await pythonWith('schemathesis', VERSION);
  const folder = await mkdtemp(join(tmpdir(), 'webhook-schemathesis-'));
  try {
    const settings = join(folder, 'schemathesis.toml');
    await writeFile(settings, await settingsOf(world, customer));
    // Nothing that is asked for by chance is to be delivered anywhere.
    await Promise.all((['delivery', 'retry', 'ledger'] as const).map((name) => world.app(name).stop()));
    const options = {
      phases: 'examples,coverage,fuzzing',
      checks: CHECKS.join(','),
      'max-examples': given.examples,
      seed: given.seed,
      workers: 2,
      'generation-database': 'none',
    };
    const { code, output } = await run(python, folder, [
      '-m',
      'schemathesis.cli',
      `--config-file=${settings}`,
      'run',
      `${world.app('config').address}/openapi.json`,
      '--no-color',
      '--continue-on-failure',
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ]);
    const [, cases = '0'] = /(\d+) generated/.exec(output) ?? [];
    return { code, output, cases: Number(cases) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function settingsOf(world: World, customer: TestCustomer): Promise<string> {
  const inputs = await callInputs(world, customer);
  const key = await accessKeyOf(world, customer, ['read', 'write']);
  const calls = await Promise.all(
    world.contract.calls.map(async ({ id, scope }) => {
      const { path = {} } = (await inputs[id]?.()) ?? {};
      const ids = Object.entries(path).map(([name, value]) => `"path.${name}" = ${JSON.stringify(value)}`);
      return [
        '[[operations]]',
        `include-operation-id = "${id}"`,
        `headers = { Authorization = "Bearer ${scope === 'operator' ? world.env['OPERATOR_KEY'] : key}" }`,
        `parameters = { ${ids.join(', ')} }`,
      ].join('\n');
    }),
  );
  return `${calls.join('\n\n')}\n`;
}

async function run(
  command: string,
  folder: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const child = await leash({ command, args, cwd: folder, output: 'pipe' });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { code } = await child.exited;
  return { code: code ?? 1, output: Buffer.concat(chunks).toString() };
}
