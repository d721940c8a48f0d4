import avsc from 'avsc';
import { isJsonObject, type JsonObject } from './schema-json.ts';

/** A value that an encoding type writes. A union's value is `null` or `{ [branch name]: value }`. */
export type AvroValue =
  null | boolean | number | bigint | string | Uint8Array | AvroValue[] | { [name: string]: AvroValue };

const LONG_BYTES = 8;

/** Longs beyond 2^53 are bigints, so that they keep their digits. */
const exactLong = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer): number | bigint => narrow(buffer.readBigInt64LE()),
  toBuffer: (value: number | bigint): Buffer => {
    const buffer = Buffer.alloc(LONG_BYTES);
    buffer.writeBigInt64LE(BigInt(value));
    return buffer;
  },
  fromJSON: (value: number | string): number | bigint => narrow(BigInt(value)),
  toJSON: (value: number | bigint): number => Number(value),
  isValid: (value: unknown): boolean => typeof value === 'bigint' || Number.isSafeInteger(value),
  compare: (left: number | bigint, right: number | bigint): number => (left < right ? -1 : left > right ? 1 : 0),
});

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * Compiles a schema for encoding: union values carry their branch, longs may be bigints.
 * @throws Error (avsc) when the schema is not valid Avro, or not a record
 */
export function encodingType(schema: JsonObject): avsc.types.RecordType {
  const text = JSON.stringify(schema);
  const parsed: avsc.schema.AvroSchema = JSON.parse(text);
  const type = avsc.Type.forSchema(parsed, {
    wrapUnions: 'always',
    omitRecordMethods: true,
    typeHook: (schema) => (isLong(schema) ? exactLong : undefined),
  });
  if (!(type instanceof avsc.types.RecordType)) throw new Error(`a ${type.typeName} is not a record`);
  return type;
}

function isLong(schema: unknown): boolean {
  return schema === 'long' || (isJsonObject(schema) && schema['type'] === 'long');
}
