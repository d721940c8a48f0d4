import type { Clock } from './clock.ts';

/** Fills an array with unpredictable bytes, as `crypto.getRandomValues` does. */
export type FillRandom = (bytes: Uint8Array) => void;

const ID_BYTES = 10;
const BATCH_BYTES = 400 * ID_BYTES;
const COUNTER_MAX = 0xfff;
/** A new millisecond begins in the lower half of the counter, so that there is room above. */
const COUNTER_START_MAX = 0x7ff;
const HEX = Array.from({ length: 0x100 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * UUIDs of version 7 (RFC 9562): milliseconds since the epoch, a counter of 12 bits, 62 random bits. Those of one maker grow, also when
 * the clock goes back.
 */
export class TimeOrderedIds {
  private readonly clock: Clock;
  private readonly fillRandom: FillRandom;
  private readonly random = new Uint8Array(BATCH_BYTES);
  private used = BATCH_BYTES;
  private time = -1;
  private timeText = '';
  private counter = 0;

  constructor(clock: Clock, fillRandom: FillRandom) {
    this.clock = clock;
    this.fillRandom = fillRandom;
  }

  next(): string {
    const { random } = this;
    if (this.used === BATCH_BYTES) {
      this.fillRandom(random);
      this.used = 0;
    }
    const at = this.used;
    this.used += ID_BYTES;
    const now = this.clock.now();
    if (now > this.time) this.begin(now, at);
    else if (this.counter === COUNTER_MAX) this.begin(this.time + 1, at);
    else this.counter += 1;
    const version = hex(0x70 | (this.counter >> 8)) + hex(this.counter & 0xff);
    const variant = hex(0x80 | (byteAt(random, at) & 0x3f)) + hex(byteAt(random, at + 1));
    const rest = hexAt(random, at + 2) + hexAt(random, at + 3) + hexAt(random, at + 4) + hexAt(random, at + 5);
    return `${this.timeText}-${version}-${variant}-${rest}${hexAt(random, at + 6)}${hexAt(random, at + 7)}`;
  }

  private begin(time: number, at: number): void {
    const text = time.toString(16).padStart(12, '0');
    this.time = time;
    this.timeText = `${text.slice(0, 8)}-${text.slice(8)}`;
    this.counter = ((byteAt(this.random, at + 8) << 8) | byteAt(this.random, at + 9)) & COUNTER_START_MAX;
  }
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function hexAt(bytes: Uint8Array, index: number): string {
  return hex(byteAt(bytes, index));
}

function hex(byte: number): string {
  return HEX[byte] ?? '';
}
