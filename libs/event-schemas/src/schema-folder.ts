import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '#libs/domain';
import { SchemaFileError } from './schema-error.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './schema-json.ts';
import { fullNameOf, inlineSharedTypes, SHARED_NAMESPACE, type SharedType } from './shared-types.ts';

const EXTENSION = '.avsc';

/** One resource type's file, made self-contained. */
export interface SchemaFile {
  /** Path of the file, for messages. */
  readonly file: string;
  readonly schema: JsonObject;
}

/**
 * Reads `<folder>/*.avsc`, with the definitions of `<folder>/shared/*.avsc` put in where they are used.
 * @throws SchemaFileError naming the first file that cannot be read, is not JSON, or refers to an unknown type
 */
export function readSchemaFolder(folder: string): readonly SchemaFile[] {
  const shared = readSharedTypes(join(folder, 'shared'));
  const files = avscFiles(folder);
  if (files.length === 0) throw new SchemaFileError(folder, `holds no ${EXTENSION} file; point at the folder schemas/`);
  return files.map((name) => {
    const file = join(folder, name);
    const schema = readJson(file);
    if (!isJsonObject(schema)) throw new SchemaFileError(file, 'must hold one record, a JSON object');
    return { file, schema: inlineSharedTypes(file, schema, shared) };
  });
}

/**
 * Reads `<folder>/internal/<name>.avsc`, the schema of one of the project's own records. It stands alone.
 * @throws SchemaFileError when it cannot be read or is not a JSON object
 */
export function readInternalSchema(folder: string, name: string): JsonObject {
  const file = join(folder, 'internal', name + EXTENSION);
  const schema = readJson(file);
  if (!isJsonObject(schema)) throw new SchemaFileError(file, 'must hold one record, a JSON object');
  return schema;
}

function readSharedTypes(folder: string): ReadonlyMap<string, SharedType> {
  const types = new Map<string, SharedType>();
  for (const name of existsSync(folder) ? avscFiles(folder) : []) {
    const file = join(folder, name);
    const fullName = `${SHARED_NAMESPACE}.${name.slice(0, -EXTENSION.length)}`;
    const schema = readJson(file);
    if (isJsonObject(schema) && 'name' in schema && fullNameOf(schema, '') !== fullName) {
      throw new SchemaFileError(
        file,
        `defines "${fullNameOf(schema, '')}"; a file of this name must define "${fullName}"`,
      );
    }
    types.set(fullName, { file, schema });
  }
  return types;
}

function avscFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(EXTENSION))
      .toSorted();
  } catch (error) {
    throw new SchemaFileError(folder, `cannot be read (${messageOf(error)})`, { cause: error });
  }
}

function readJson(file: string): JsonValue {
  try {
    const parsed: JsonValue = JSON.parse(readFileSync(file, 'utf8'));
    return parsed;
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read';
    throw new SchemaFileError(file, `${problem} (${messageOf(error)})`, { cause: error });
  }
}
