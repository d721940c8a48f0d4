import { z } from 'zod';

import type { JsonSchema } from './open-api.ts';

const DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';
/** The formats say more than the expressions by which zod checks them. */
const SPEAKING_FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'uuid']);

/** Writes zod's schemas as JSON Schemas; those that have an `id` become components, and are referred to. */
export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {};

  /** What is accepted by a schema; for one without transformations, what it stands for. @throws Error for what JSON Schema cannot say. */
  of(schema: z.ZodType): JsonSchema {
    const { $defs = {}, properties = {} } = z.toJSONSchema(z.object({ root: schema }), { io: 'input', override });
    for (const [id, definition] of Object.entries($defs))
      this.components[id] = withComponentRefs(withoutId(definition));
    return withComponentRefs(asSchema(properties['root']));
  }

  /** Makes a schema a component, and refers to it. */
  named(name: string, schema: JsonSchema): JsonSchema {
    this.components[name] = schema;
    return { $ref: COMPONENTS + name };
  }

  /** The schema itself, where it is referred to. */
  resolve(schema: JsonSchema): JsonSchema {
    if (schema.$ref === undefined) return schema;
    return asSchema(this.components[schema.$ref.slice(COMPONENTS.length)]);
  }
}

/** @throws Error when there is none, or it is a mere true or false. */
export function asSchema(schema: z.core.JSONSchema._JSONSchema | undefined): JsonSchema {
  if (typeof schema !== 'object') throw new TypeError('a JSON Schema is missing');
  return schema;
}

function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  // Zod leaves them out of what is transformed, since they might be of the other side; ours are always what callers send.
  const { examples, default: byDefault } = z.globalRegistry.get(zodSchema) ?? {};
  if (Array.isArray(examples)) jsonSchema.examples = examples;
  if (byDefault !== undefined) jsonSchema.default = byDefault;
  if (SPEAKING_FORMATS.has(jsonSchema.format)) delete jsonSchema.pattern;
  delete jsonSchema.propertyNames;
  joinNull(jsonSchema);
  for (const [name, property] of Object.entries(jsonSchema.properties ?? {})) {
    if (isNever(property)) delete jsonSchema.properties?.[name];
  }
}

/** Writes "a string, or null" as one type. */
function joinNull(schema: JsonSchema): void {
  const [first, second, ...others] = schema.anyOf ?? [];
  if (typeof first !== 'object' || typeof second !== 'object' || others.length > 0) return;
  if (second.type !== 'null' || typeof first.type !== 'string') return;
  delete schema.anyOf;
  const joined = { ...first, ...schema, type: [first.type, 'null'] };
  Object.assign(schema, joined, first.enum === undefined ? {} : { enum: [...first.enum, null] });
}

/** A field that is known, so that its message can say why it cannot be given, is not for the description. */
function isNever(schema: z.core.JSONSchema._JSONSchema): boolean {
  return typeof schema === 'object' && typeof schema.not === 'object' && Object.keys(schema.not).length === 0;
}

function withoutId(schema: JsonSchema): JsonSchema {
  const { id: _, ...rest } = schema;
  return rest;
}

function withComponentRefs(schema: JsonSchema): JsonSchema {
  const moved: JsonSchema = JSON.parse(
    JSON.stringify(schema).replaceAll(`"$ref":"${DEFINITIONS}`, `"$ref":"${COMPONENTS}`),
  );
  return moved;
}
