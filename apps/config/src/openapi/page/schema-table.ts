import { asSchema } from '../json-schemas.ts';
import type { JsonSchema } from '../open-api.ts';
import { Html, markup } from './markup.ts';
import { inlineMarkdown } from './markdown.ts';

const REF = '#/components/schemas/';
const NONE = markup``;

/** The fields of an object, a row each; of another schema, what it is. */
export function schemaTable(schema: JsonSchema): Html {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined && schema.properties === undefined) {
    return markup`${alternatives.map(
      (each) =>
        markup`<p class="quiet">One of:</p>
          ${schemaTable(asSchema(each))}`,
    )}`;
  }
  if (schema.properties === undefined) return markup`<p>${typeOf(schema)}${constraints(schema)}</p>`;
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(([name, property]) =>
    row(name, asSchema(property), required.has(name)),
  );
  return markup`<div class="table">
    <table>
      <thead>
        <tr>
          <th>field</th>
          <th>type</th>
          <th>meaning</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** One field or parameter. */
export function row(name: string, schema: JsonSchema, required: boolean): Html {
  const mark = required ? NONE : markup`<br /><span class="quiet">optional</span>`;
  const inner = schema.properties === undefined ? NONE : schemaTable(schema);
  return markup`<tr>
    <td><code>${name}</code>${mark}</td>
    <td>${typeOf(schema)}</td>
    <td>${inlineMarkdown(schema.description ?? '')}${constraints(schema)}${inner}</td>
  </tr>`;
}

/** A type in a few words, with a link where it has a name. */
export function typeOf(schema: JsonSchema): Html {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(REF.length);
    return markup`<a href="#schema-${name}">${name}</a>`;
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return joined(alternatives.map((each) => typeOf(asSchema(each))));
  if (schema.const !== undefined) return markup`<code>${JSON.stringify(schema.const)}</code>`;
  const types = [schema.type ?? 'any'].flat();
  return joined(types.map((type) => (type === 'array' ? listOf(schema) : markup`${type}`)));
}

function listOf({ items }: JsonSchema): Html {
  if (typeof items !== 'object' || Array.isArray(items)) return markup`list`;
  return markup`list of ${items.enum === undefined ? typeOf(items) : joinedCodes(items.enum)}`;
}

function joined(parts: readonly Html[]): Html {
  return new Html(parts.map(({ text }) => text).join(' or '));
}

const LIMITS = {
  minimum: 'at least',
  maximum: 'at most',
  minLength: 'characters, at least:',
  maxLength: 'characters, at most:',
  minItems: 'entries, at least:',
  maxItems: 'entries, at most:',
  maxProperties: 'fields, at most:',
} as const satisfies Partial<Record<keyof JsonSchema, string>>;
/** JSON Schema's way of saying "any whole number". */
const ANY_NUMBER: ReadonlySet<unknown> = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);

function constraints(schema: JsonSchema): Html {
  const values = (schema.enum ?? []).filter((value) => value !== null);
  const choice = values.length > 0 ? [markup`one of ${joinedCodes(values)}`] : [];
  const limits = Object.entries(LIMITS).flatMap(([name, words]) => {
    const limit: unknown = Object(schema)[name];
    return typeof limit === 'number' && !ANY_NUMBER.has(limit) ? [markup`${words} ${limit}`] : [];
  });
  const format = schema.format === undefined ? [] : [markup`${schema.format}`];
  const all = [...choice, ...limits, ...format].map(({ text }) => text);
  return all.length === 0 ? NONE : markup`<div class="quiet">${new Html(all.join('; '))}</div>`;
}

function joinedCodes(values: readonly unknown[]): Html {
  return new Html(values.map((value) => markup`<code>${String(value)}</code>`.text).join(' '));
}
