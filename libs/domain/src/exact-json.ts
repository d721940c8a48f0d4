import { isInteger, isSafeNumber, parse } from 'lossless-json';

/**
 * Parses JSON; whole numbers beyond 2^53 become bigint, so that no digit is lost.
 *
 * @throws SyntaxError, or RangeError for a number beyond the range of a double
 */
export function exactJson(text: string): unknown {
  return parse(text, null, { parseNumber });
}

function parseNumber(text: string): number | bigint {
  if (isInteger(text) && !isSafeNumber(text)) return BigInt(text);
  const value = Number(text);
  if (!Number.isFinite(value)) throw new RangeError('the number is beyond the range of a double');
  return value;
}
