import avsc from 'avsc';
import { isJsonObject } from './schema-json.ts';

const NOTHING: ReadonlySet<string> = new Set();
const omittedByType = new WeakMap<avsc.Type, ReadonlySet<string>>();

/** The names of the record's fields that carry `"whenNull": "omit"`. */
export function omittedFields(type: avsc.types.RecordType): ReadonlySet<string> {
  return omittedByType.get(type) ?? NOTHING;
}

/**
 * Options for compiling a writer's schema. avsc drops attributes that it does not know, so the hook builds the records
 * itself and notes their `whenNull`. Defaults are left out: reading with the writer's own schema needs none, and a
 * default that avsc finds fault with must not keep an event from being delivered.
 */
export function writerSchemaOptions(): Partial<avsc.ForSchemaOptions> {
  const building = new WeakSet<object>();

  function typeHook(schema: unknown, options: avsc.ForSchemaOptions): avsc.Type | undefined {
    if (!isJsonObject(schema) || building.has(schema) || avsc.Type.isType(schema)) return undefined;
    if (typeof schema['type'] === 'object') return build(schema['type'], options);
    if (schema['type'] !== 'record' && schema['type'] !== 'error') return undefined;
    const { fields } = schema;
    if (!Array.isArray(fields)) return undefined;
    const omitted = new Set<string>();
    const bare = {
      ...schema,
      fields: fields.map((field: unknown) => {
        if (!isJsonObject(field)) return field;
        const { default: _default, whenNull, ...rest } = field;
        if (whenNull === 'omit' && typeof field['name'] === 'string') omitted.add(field['name']);
        return rest;
      }),
    };
    building.add(bare);
    const type = build(bare, options);
    omittedByType.set(type, omitted);
    return type;
  }

  return { wrapUnions: 'always', omitRecordMethods: true, typeHook };
}

function build(schema: unknown, options: avsc.ForSchemaOptions): avsc.Type {
  if (!mayBeSchema(schema)) throw new Error(`${JSON.stringify(schema)} is not an Avro type`);
  return avsc.Type.forSchema(schema, options);
}

/** Only the shape: avsc checks the rest while it compiles. */
function mayBeSchema(schema: unknown): schema is avsc.schema.AvroSchema {
  return typeof schema === 'string' || (typeof schema === 'object' && schema !== null);
}
