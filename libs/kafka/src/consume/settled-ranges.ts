/** Settled offsets, from the first to the last, both included. */
export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

const VERSION = 's1:';
/** Kafka refuses commit metadata over 4,096 bytes (`offset.metadata.max.bytes`). */
const MAX_CHARACTERS = 4_096;
const MAX_BYTES = Math.floor((MAX_CHARACTERS - VERSION.length) / 4) * 3;
const CONTINUES = 0x80;
const SEVEN_BITS = 128;

/**
 * Writes ranges that lie above a committed offset as commit metadata: for each the distance from the end of the one before (from the
 * committed offset for the first) and its length, as variable-length integers in base64url. What does not fit is left out, the
 * highest ranges first: those offsets are repeated after a crash, never lost.
 *
 * @param ranges in ascending order.
 * @returns null when there is nothing to write.
 */
export function encodeSettled(committed: number, ranges: Iterable<OffsetRange>): string | null {
  const bytes: number[] = [];
  let end = committed;
  for (const { first, last } of ranges) {
    const before = bytes.length;
    pushVarint(bytes, first - end);
    pushVarint(bytes, last - first + 1);
    if (bytes.length > MAX_BYTES) {
      bytes.length = before;
      break;
    }
    end = last + 1;
  }
  return bytes.length === 0 ? null : VERSION + Buffer.from(bytes).toString('base64url');
}

/** Reads what {@link encodeSettled} wrote beside a committed offset; empty for metadata of anybody else. */
export function decodeSettled(committed: number, metadata: string | null | undefined): readonly OffsetRange[] {
  if (!metadata?.startsWith(VERSION)) return [];
  const numbers = varints(Buffer.from(metadata.slice(VERSION.length), 'base64url'));
  if (numbers === undefined) return [];
  const ranges: OffsetRange[] = [];
  let end = committed;
  for (let index = 0; index < numbers.length; index += 2) {
    const distance = numbers[index] ?? 0;
    const length = numbers[index + 1] ?? 0;
    if (length === 0) return [];
    const first = end + distance;
    end = first + length;
    ranges.push({ first, last: end - 1 });
  }
  return Number.isSafeInteger(end) ? ranges : [];
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= SEVEN_BITS) {
    bytes.push((rest % SEVEN_BITS) + CONTINUES);
    rest = Math.floor(rest / SEVEN_BITS);
  }
  bytes.push(rest);
}

function varints(bytes: Buffer): number[] | undefined {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte % SEVEN_BITS) * scale;
    if (byte >= CONTINUES) {
      scale *= SEVEN_BITS;
      continue;
    }
    numbers.push(value);
    value = 0;
    scale = 1;
  }
  return scale === 1 ? numbers : undefined;
}
