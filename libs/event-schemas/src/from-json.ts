import avsc from 'avsc';
import type { AvroValue } from './avro-value.ts';
import { scalarFromJson } from './from-json-scalar.ts';
import { valuesOf } from './json-writer.ts';
import { nearest } from './nearest.ts';
import type { ResourceTypeEntry } from './resource-type.ts';
import { isJsonArray, isJsonObject } from './schema-json.ts';

/** One thing that is wrong with a JSON event: the field's path (`data.targets[0].status`) and what is the matter. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

export type FromJson =
  { readonly ok: true; readonly value: AvroValue } | { readonly ok: false; readonly details: readonly FieldProblem[] };

/** Collects what is wrong; converters return null in place of a value that they refuse. */
class Problems {
  readonly details: FieldProblem[] = [];

  add(field: string, message: string): null {
    this.details.push({ field, message });
    return null;
  }
}

/**
 * Turns a JSON event into a value of the resource type's schema. A field that is left out takes its default, or null
 * where it may be null; a field that the schema does not have is refused. Longs may be numbers, bigints or digits in
 * a string; bytes are base64.
 */
export function fromJson(entry: ResourceTypeEntry, json: unknown): FromJson {
  const problems = new Problems();
  const value = convert(entry.avroType, json, '', problems);
  return problems.details.length > 0 ? { ok: false, details: problems.details } : { ok: true, value };
}

function convert(type: avsc.Type, json: unknown, path: string, problems: Problems): AvroValue {
  const { types } = avsc;
  if (type instanceof types.RecordType) return recordFrom(type, json, path, problems);
  if (type instanceof types.WrappedUnionType) return unionFrom(type, json, path, problems);
  if (type instanceof types.ArrayType) {
    if (!isJsonArray(json)) return problems.add(path, `must be an array, not ${kindOf(json)}`);
    return json.map((item, index) => convert(type.itemsType, item, `${path}[${index}]`, problems));
  }
  if (type instanceof types.MapType) {
    if (!isJsonObject(json)) return problems.add(path, `must be an object, not ${kindOf(json)}`);
    const values: Record<string, AvroValue> = {};
    for (const [key, value] of Object.entries(json)) {
      define(values, key, convert(valuesOf(type), value, member(path, key), problems));
    }
    return values;
  }
  const converted = scalarFromJson(type, json);
  return converted.ok ? converted.value : problems.add(path, `must be ${converted.expected}, not ${kindOf(json)}`);
}

function recordFrom(type: avsc.types.RecordType, json: unknown, path: string, problems: Problems): AvroValue {
  if (!isJsonObject(json)) return problems.add(path, `must be an object, not ${kindOf(json)}`);
  const names = type.fields.map(({ name }) => name);
  for (const key of Object.keys(json)) {
    if (!names.includes(key)) problems.add(member(path, key), unknownField(type, key, names));
  }
  const record: Record<string, AvroValue> = {};
  for (const field of type.fields) {
    const value = Object.hasOwn(json, field.name) ? json[field.name] : undefined;
    const at = member(path, field.name);
    define(
      record,
      field.name,
      value === undefined ? absent(field, at, problems) : convert(field.type, value, at, problems),
    );
  }
  return record;
}

function absent(field: avsc.types.Field, path: string, problems: Problems): AvroValue {
  const value: AvroValue | undefined = field.defaultValue();
  if (value !== undefined) return value;
  const { type } = field;
  const nullable = type instanceof avsc.types.WrappedUnionType && type.types.some(isNull);
  return nullable || isNull(type) ? null : problems.add(path, 'is required');
}

function unionFrom(type: avsc.types.WrappedUnionType, json: unknown, path: string, problems: Problems): AvroValue {
  if (json === null) {
    return type.types.some(isNull) ? null : problems.add(path, 'must not be null');
  }
  const branches = type.types.filter((branch) => !isNull(branch));
  const fitting = branches.filter((branch) => fits(branch, json));
  let refused: Problems | undefined;
  for (const branch of fitting.length > 0 ? fitting : branches) {
    const attempt = new Problems();
    const value = convert(branch, json, path, attempt);
    if (attempt.details.length === 0) return { [branch.branchName ?? branch.typeName]: value };
    refused ??= attempt;
  }
  const [only] = branches;
  if (fitting.length === 0 && branches.length > 1) {
    return problems.add(
      path,
      `must be one of ${branches.map((branch) => branch.branchName).join(', ')}, not ${kindOf(json)}`,
    );
  }
  problems.details.push(...(refused?.details ?? [{ field: path, message: `must be a ${only?.typeName ?? 'null'}` }]));
  return null;
}

/** Whether a JSON value belongs to a branch by its kind alone. */
function fits(branch: avsc.Type, json: unknown): boolean {
  const { types } = avsc;
  if (branch instanceof types.RecordType || branch instanceof types.MapType) return isJsonObject(json);
  if (branch instanceof types.ArrayType) return isJsonArray(json);
  return scalarFromJson(branch, json).ok && (typeof json !== 'string' || branch.typeName !== 'abstract:long');
}

function isNull(type: avsc.Type): boolean {
  return type.typeName === 'null';
}

function unknownField(type: avsc.types.RecordType, key: string, names: readonly string[]): string {
  const [suggestion] = nearest(key, names);
  const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  return `is not a field of ${type.name ?? 'the record'}${hint}`;
}

/** Also for a key such as `__proto__`, which an assignment would not store. */
function define(target: Record<string, AvroValue>, key: string, value: AvroValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function member(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function kindOf(json: unknown): string {
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'an array';
  if (typeof json === 'object') return 'an object';
  if (typeof json === 'string') return json.length > 40 ? 'a longer string' : JSON.stringify(json);
  return typeof json === 'bigint' ? `${json}` : (JSON.stringify(json) ?? 'undefined');
}
