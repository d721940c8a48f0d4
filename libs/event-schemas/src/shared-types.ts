import { SchemaFileError } from './schema-error.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './schema-json.ts';

/** Prefix of the names under which the files in `schemas/shared/` are referred to. */
export const SHARED_NAMESPACE = 'voipbin.shared';

const PRIMITIVES = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);
const NAMED = new Set(['record', 'error', 'enum', 'fixed']);

/** A definition from `schemas/shared/`, and the file it came from. */
export interface SharedType {
  readonly file: string;
  readonly schema: JsonValue;
}

/**
 * Makes a schema self-contained: the first reference to a shared record becomes its definition, later ones stay
 * references. A shared type without a name of its own (a map, a union) is put in at every use.
 */
export function inlineSharedTypes(
  file: string,
  schema: JsonObject,
  shared: ReadonlyMap<string, SharedType>,
): JsonObject {
  const defined = new Set<string>();
  const open: string[] = [];

  function resolve(node: JsonValue | undefined, namespace: string): JsonValue {
    if (typeof node === 'string') return reference(node, namespace);
    if (isJsonArray(node)) return node.map((branch) => resolve(branch, namespace));
    if (!isJsonObject(node)) throw new SchemaFileError(file, `${JSON.stringify(node)} is not an Avro type`);
    return definition(node, namespace);
  }

  function reference(name: string, namespace: string): JsonValue {
    if (PRIMITIVES.has(name)) return name;
    const fullName = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
    if (defined.has(fullName)) return fullName;
    const found = shared.get(fullName);
    if (!found) {
      throw new SchemaFileError(
        file,
        `refers to the type "${fullName}", which neither it nor a file in shared/ defines`,
      );
    }
    if (open.includes(fullName)) {
      throw new SchemaFileError(found.file, `"${fullName}" contains itself; only a record may`);
    }
    open.push(fullName);
    const resolved = resolve(found.schema, '');
    open.pop();
    return resolved;
  }

  function definition(node: JsonObject, namespace: string): JsonObject {
    const { type } = node;
    if (typeof type !== 'string') return { ...node, type: resolve(type, namespace) };
    if (type === 'array') return { ...node, items: resolve(node['items'], namespace) };
    if (type === 'map') return { ...node, values: resolve(node['values'], namespace) };
    if (!NAMED.has(type)) return { ...node, type: reference(type, namespace) };
    const fullName = fullNameOf(node, namespace);
    defined.add(fullName);
    const { fields } = node;
    if (!isJsonArray(fields)) return node;
    const inner = fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));
    return { ...node, fields: fields.map((field) => fieldOf(field, inner, fullName)) };
  }

  function fieldOf(field: JsonValue, namespace: string, record: string): JsonObject {
    if (!isJsonObject(field)) throw new SchemaFileError(file, `a field of "${record}" is not an object`);
    return { ...field, type: resolve(field['type'], namespace) };
  }

  return definition(schema, '');
}

/** The full name of a record, enum or fixed type that is defined within `namespace` (Avro 1.12, "Names"). */
export function fullNameOf(node: JsonObject, namespace: string): string {
  const name = typeof node['name'] === 'string' ? node['name'] : '';
  const own = typeof node['namespace'] === 'string' ? node['namespace'] : namespace;
  return name.includes('.') || own === '' ? name : `${own}.${name}`;
}
