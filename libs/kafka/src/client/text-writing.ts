const SEVEN_BITS = 0x7f;
/** The length of more than these takes a second byte in a record (zigzag, seven bits a byte). */
const MOST_UNITS = 63;

/** Writes a text in UTF-8. @returns how many bytes it took. */
export function writeText(target: Buffer, start: number, text: string): number {
  return writeShort(target, start, text) ? text.length : target.write(text, start);
}

/**
 * Writes a text of up to 63 ASCII characters, a byte each, as names, numbers, ids and times are.
 * @returns false, with some of it perhaps written, when it is not such a text.
 */
export function writeShort(target: Buffer, start: number, text: string): boolean {
  const { length } = text;
  if (length > MOST_UNITS) return false;
  for (let at = 0; at < length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > SEVEN_BITS) return false;
    target[start + at] = unit;
  }
  return true;
}
