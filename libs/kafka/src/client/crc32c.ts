/** Castagnoli's polynomial, its bits reversed (RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;
const BITS = 8;
const BYTE_VALUES = 0x100;
const BYTES_AT_ONCE = 8;

/** For a byte that so many others follow, what each of its values comes to. */
const table = new Int32Array(BYTES_AT_ONCE * BYTE_VALUES);
for (let value = 0; value < BYTE_VALUES; value += 1) {
  let remainder = value;
  for (let followed = 0; followed < BYTES_AT_ONCE; followed += 1) {
    for (let bit = 0; bit < BITS; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    table[followed * BYTE_VALUES + value] = remainder;
  }
}

/** The checksum of a record batch: CRC-32C, eight bytes at once. @returns 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  let remainder = -1;
  let at = start;
  for (; at + BYTES_AT_ONCE <= end; at += BYTES_AT_ONCE) {
    remainder ^=
      byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24);
    remainder =
      entry(7, remainder & 0xff) ^
      entry(6, (remainder >>> 8) & 0xff) ^
      entry(5, (remainder >>> 16) & 0xff) ^
      entry(4, remainder >>> 24) ^
      entry(3, byteAt(bytes, at + 4)) ^
      entry(2, byteAt(bytes, at + 5)) ^
      entry(1, byteAt(bytes, at + 6)) ^
      entry(0, byteAt(bytes, at + 7));
  }
  for (; at < end; at += 1) remainder = entry(0, (remainder ^ byteAt(bytes, at)) & 0xff) ^ (remainder >>> BITS);
  return ~remainder >>> 0;
}

function entry(followed: number, value: number): number {
  return table[followed * BYTE_VALUES + value] ?? 0;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
