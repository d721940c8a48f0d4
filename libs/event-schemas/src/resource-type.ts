import avsc from 'avsc';
import { messageOf } from '#libs/domain';
import { encodingType } from './avro-value.ts';
import { SchemaFileError } from './schema-error.ts';
import type { SchemaFile } from './schema-folder.ts';
import { ENVELOPE_DATA, ENVELOPE_STRINGS, isJsonArray, isJsonObject, type JsonObject } from './schema-json.ts';
import { fullNameOf } from './shared-types.ts';

/** One event type of the catalogue. */
export interface EventTypeEntry {
  readonly type: string;
  readonly resourceType: string;
  readonly doc: string;
  /** False: the name is reserved, VoIPBIN does not send it today. It is accepted and delivered all the same. */
  readonly delivered: boolean;
}

/** One resource type: one file in the schemas folder. */
export interface ResourceTypeEntry {
  readonly resourceType: string;
  /** The row of the public event table; undefined when the resource type is not in it. */
  readonly group: string | undefined;
  readonly doc: string;
  readonly eventTypes: readonly EventTypeEntry[];
  /** The complete envelope record; it refers to nothing outside itself. */
  readonly schema: JsonObject;
  /** The record's full name, which is its subject in the schema registry. */
  readonly subject: string;
  /** The schema compiled for encoding. */
  readonly avroType: avsc.types.RecordType;
}

/** @throws SchemaFileError when the file's record is not a usable event envelope */
export function resourceTypeOf({ file, schema }: SchemaFile): ResourceTypeEntry {
  const resourceType = requiredText(file, schema, 'resource_type');
  const { group } = schema;
  if (group !== undefined && (typeof group !== 'string' || group === '')) {
    throw new SchemaFileError(file, '"group" must be a non-empty string, or left out');
  }
  checkEnvelope(file, schema);
  return {
    resourceType,
    group,
    doc: requiredText(file, schema, 'doc'),
    eventTypes: eventTypesOf(file, schema, resourceType),
    schema,
    subject: fullNameOf(schema, ''),
    avroType: compile(file, schema),
  };
}

function checkEnvelope(file: string, schema: JsonObject): void {
  const { type, fields } = schema;
  requiredText(file, schema, 'name');
  if (type !== 'record' || !isJsonArray(fields)) throw new SchemaFileError(file, 'must be a record with "fields"');
  const types = new Map(fields.filter(isJsonObject).map((field) => [field['name'], field['type']]));
  for (const name of ENVELOPE_STRINGS) {
    if (!types.has(name)) throw new SchemaFileError(file, `lacks the envelope field "${name}"`);
    if (types.get(name) !== 'string') throw new SchemaFileError(file, `the envelope field "${name}" must be a string`);
  }
  if (!types.has(ENVELOPE_DATA)) throw new SchemaFileError(file, `lacks the envelope field "${ENVELOPE_DATA}"`);
  const data = types.get(ENVELOPE_DATA);
  if (!isJsonObject(data) || data['type'] !== 'record') {
    throw new SchemaFileError(file, `the envelope field "${ENVELOPE_DATA}" must be a record`);
  }
}

function eventTypesOf(file: string, schema: JsonObject, resourceType: string): readonly EventTypeEntry[] {
  const listed = schema['event_types'];
  if (!isJsonArray(listed) || listed.length === 0) {
    throw new SchemaFileError(file, '"event_types" must be a non-empty array of {"type", "doc"}');
  }
  return listed.map((entry) => {
    if (!isJsonObject(entry)) throw new SchemaFileError(file, '"event_types" must hold objects {"type", "doc"}');
    const { delivered = true } = entry;
    if (typeof delivered !== 'boolean') throw new SchemaFileError(file, '"delivered" must be true or false');
    return {
      type: requiredText(file, entry, 'type'),
      resourceType,
      doc: requiredText(file, entry, 'doc'),
      delivered,
    };
  });
}

function requiredText(file: string, node: JsonObject, key: string): string {
  const value = node[key];
  if (typeof value !== 'string' || value === '') throw new SchemaFileError(file, `"${key}" must be a non-empty string`);
  return value;
}

function compile(file: string, schema: JsonObject): avsc.types.RecordType {
  try {
    return encodingType(schema);
  } catch (error) {
    throw new SchemaFileError(file, `is not a valid Avro schema (${messageOf(error)})`, { cause: error });
  }
}
