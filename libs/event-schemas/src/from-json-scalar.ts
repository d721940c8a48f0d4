import avsc from 'avsc';
import type { AvroValue } from './avro-value.ts';

/** A converted value, or what the schema wants instead (`a string`). */
export type Scalar =
  { readonly ok: true; readonly value: AvroValue } | { readonly ok: false; readonly expected: string };

const MAX_INT = 2 ** 31;
const MAX_LONG = 2n ** 63n;
const DIGITS = /^-?\d{1,19}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Converts a JSON value to a type that holds no other. */
export function scalarFromJson(type: avsc.Type, json: unknown): Scalar {
  switch (type.typeName) {
    case 'null':
      return json === null ? { ok: true, value: null } : expected('null');
    case 'boolean':
      return typeof json === 'boolean' ? { ok: true, value: json } : expected('true or false');
    case 'string':
      return typeof json === 'string' ? { ok: true, value: json } : expected('a string');
    case 'int':
      return isInt(json) ? { ok: true, value: json } : expected('a 32-bit integer');
    case 'long':
    case 'abstract:long':
      return long(json);
    case 'float':
    case 'double':
      if (typeof json === 'bigint') return { ok: true, value: Number(json) };
      return typeof json === 'number' ? { ok: true, value: json } : expected('a number');
    case 'bytes':
      return bytes(json);
    default:
      break;
  }
  if (type instanceof avsc.types.EnumType) return symbol(type.symbols, json);
  if (type instanceof avsc.types.FixedType) return bytes(json, type.size);
  return expected(`a ${type.typeName}`);
}

function expected(what: string): Scalar {
  return { ok: false, expected: what };
}

function isInt(json: unknown): json is number {
  return typeof json === 'number' && Number.isInteger(json) && json >= -MAX_INT && json < MAX_INT;
}

function long(json: unknown): Scalar {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return { ok: true, value: json };
  if (typeof json === 'bigint' || (typeof json === 'string' && DIGITS.test(json))) {
    const value = BigInt(json);
    if (value >= -MAX_LONG && value < MAX_LONG) return { ok: true, value };
  }
  return expected('a 64-bit integer (beyond 2^53 as a string of digits)');
}

function bytes(json: unknown, size?: number): Scalar {
  if (typeof json === 'string' && BASE64.test(json)) {
    const value = Buffer.from(json, 'base64');
    if (size === undefined || value.length === size) return { ok: true, value };
  }
  return expected(size === undefined ? 'base64' : `base64 of ${size} bytes`);
}

function symbol(symbols: readonly string[], json: unknown): Scalar {
  if (typeof json === 'string' && symbols.includes(json)) return { ok: true, value: json };
  return expected(`one of ${symbols.join(', ')}`);
}
