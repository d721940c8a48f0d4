import { isInteger, isSafeNumber, parse } from 'lossless-json';

/**
 * Parses JSON; whole numbers beyond 2^53 become bigint, so that no digit is lost.
 *
 * @throws SyntaxError, also for a name that an object has twice with different values, or RangeError for a number beyond the range of a
 *   double
 */
export function exactJson(text: string): unknown {
  return parse(text, null, { parseNumber });
}

/**
 * Parses JSON that comes from an event: of a name that an object has twice the last value counts, as `JSON.parse` has it, since
 * Avro lets a map have a key twice.
 *
 * @throws SyntaxError, or RangeError for a number beyond the range of a double
 */
export function exactEventJson(text: string): unknown {
  return parse(text, null, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function parseNumber(text: string): number | bigint {
  if (isInteger(text) && !isSafeNumber(text)) return BigInt(text);
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError('the number is beyond the range of a double');
  return value;
}
