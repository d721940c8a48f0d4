import { asSchema, type JsonSchemas } from './json-schemas.ts';
import type { JsonSchema } from './open-api.ts';

/** An example made of those of a schema's parts. @throws Error that names the part without one. */
export function exampleOf(schema: JsonSchema, schemas: JsonSchemas, name = 'the schema'): unknown {
  const { examples, properties, items, anyOf, oneOf, ...own } = schemas.resolve(schema);
  if (examples !== undefined) return examples[0];
  if (own.default !== undefined) return own.default;
  if (own.const !== undefined) return own.const;
  if (own.enum !== undefined) return own.enum[0];
  if (properties !== undefined) {
    return Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, exampleOf(asSchema(value), schemas, key)]),
    );
  }
  const [alternative] = anyOf ?? oneOf ?? [];
  if (alternative !== undefined) return exampleOf(asSchema(alternative), schemas, name);
  if (items !== undefined && !Array.isArray(items)) return [exampleOf(asSchema(items), schemas, name)];
  if (own.type === 'boolean') return false;
  if (own.type === 'null') return null;
  if (own.type === 'object') return {};
  throw new Error(`${name} has no example in its description`);
}
