import type { Answer, MediaType, Method, OpenApiDocument, Operation, Reference } from '../open-api.ts';
import { type Html, markup } from './markup.ts';
import { inlineMarkdown, markdown } from './markdown.ts';
import { row, schemaTable, typeOf } from './schema-table.ts';

type Components = OpenApiDocument['components'];

/** A call: who may make it, what it takes, what it answers. */
export function operationSection(method: Method, path: string, operation: Operation, components: Components): Html {
  return markup`<section id="${operation.operationId}">
    <h3>${operation.summary}</h3>
    <p class="call">${methodBadge(method)} <code>${path}</code></p>
    ${markdown(operation.description)}
    <p class="quiet">${access(operation)}</p>
    ${parametersOf(operation, components)}${requestOf(operation)}
    <h4>Answers</h4>
    ${Object.entries(operation.responses).map(([status, given]) => answerOf(status, given, components))}
  </section>`;
}

export function methodBadge(method: Method): Html {
  return markup`<span class="method ${method}">${method.toUpperCase()}</span>`;
}

function access({ security }: Operation): string {
  const [{ accessKey: [scope = ''] = [] } = {}] = security;
  if (security.length === 0) return 'Needs no key.';
  return scope === 'operator' ? 'Needs the operator key.' : `Needs an access key with the scope ${scope}.`;
}

function parametersOf({ parameters }: Operation, components: Components): Html {
  const found = parameters.flatMap((given) => resolved(given, components.parameters));
  const rows = found.map(({ name, in: place, schema, description, required }) =>
    row(`${name}${place === 'query' ? '' : ` (${place})`}`, { ...schema, description }, required),
  );
  return markup`<h4>Parameters</h4>
    <div class="table">
      <table>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function requestOf({ requestBody }: Operation): Html {
  if (requestBody === undefined) return markup``;
  const required = requestBody.required ? '' : ' It can be left out.';
  return markup`<h4>Body</h4>
    ${Object.values(requestBody.content).map(
      ({ schema, example }) =>
        markup`<p>${typeOf(schema)}.${required} For example:</p>
          ${json(example)}`,
    )}`;
}

function answerOf(status: string, given: Answer | Reference, components: Components): Html {
  return markup`${resolved(given, components.responses).map(
    ({ description, content = {} }) =>
      markup`<details>
        <summary><strong>${status}</strong> ${inlineMarkdown(description)}</summary>
        <div>${Object.values(content).map(bodyOf)}</div>
      </details>`,
  )}`;
}

function bodyOf({ schema, example, examples }: MediaType): Html {
  const [first] = Object.values(examples ?? {});
  const body = schema.allOf === undefined && schema.$ref === undefined ? schemaTable(schema) : markup``;
  const name = schema.$ref === undefined ? markup`` : markup`<p>${typeOf(schema)}</p>`;
  return markup`${name}${body}${json(example ?? first?.value)}`;
}

function json(value: unknown): Html {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return markup`<pre><code>${text}</code></pre>`;
}

function resolved<T extends object>(given: T | Reference, among: Readonly<Record<string, T>>): readonly T[] {
  if (!('$ref' in given)) return [given];
  const found = among[given.$ref.slice(given.$ref.lastIndexOf('/') + 1)];
  return found === undefined ? [] : [found];
}
