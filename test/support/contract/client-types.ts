import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

import type { OpenApiDocument } from '../../../apps/config/src/openapi/open-api.ts';

const HEAD = '/* Made from the description of the admin REST; its test says how to make it anew. */\n\n';
/** What a client does not need: calls are asked for by their ids. */
const LEFT_OUT: ReadonlySet<string> = new Set(['paths', 'webhooks', '$defs']);

/** The files of the client that are made from the description: their text by their names. */
export async function clientFiles(document: OpenApiDocument): Promise<Readonly<Record<string, string>>> {
  const nodes = await openapiTS(JSON.stringify(forClients(document)), { immutable: true, defaultNonNullable: false });
  const wanted = nodes.filter((node) => !('name' in node && LEFT_OUT.has(nameOf(node.name))));
  return { 'types.ts': await written(astToString(wanted)), 'calls.ts': await written(callsOf(document)) };
}

function nameOf(name: unknown): string {
  const { text }: { text?: unknown } = Object(name);
  return String(text);
}

async function written(text: string): Promise<string> {
  const options = (await prettier.resolveConfig(import.meta.filename)) ?? {};
  return prettier.format(HEAD + text, { ...options, parser: 'typescript' });
}

function callsOf({ paths }: OpenApiDocument): string {
  const calls = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, { operationId }]) => `${operationId}: { method: '${method}', path: '${path}' },`,
    ),
  );
  return `/** Where the calls are. */\nexport const CALLS = {${calls.join('\n')}} as const;`;
}

/** Without errors, which are all alike, and without examples. */
function forClients({ paths, components, ...rest }: OpenApiDocument): object {
  const { schemas, parameters } = components;
  const kept = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item).map(([method, operation]) => [
        method,
        { ...operation, responses: successes(operation.responses) },
      ]),
    ),
  ]);
  return Object(withoutExamples({ ...rest, paths: Object.fromEntries(kept), components: { schemas, parameters } }));
}

function successes(responses: Readonly<Record<string, object>>): object {
  const kept = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return Object.fromEntries(kept.map(([status, answer]) => [status, { ...answer, headers: {} }]));
}

function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, part]) => !(key === 'example' || (key === 'examples' && Array.isArray(part))),
  );
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutExamples(part)]));
}
