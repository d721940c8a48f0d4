const INITIAL_BYTES = 16 * 1024;
const KEPT_BYTES = 1024 * 1024;
/** A control character becomes `\u00xx`. */
const LONGEST_ESCAPE = 6;
/** UTF-8 bytes for one UTF-16 code unit. */
const LONGEST_CHARACTER = 3;
/** From here on the engine's own escaping is faster than a loop over bytes. */
const LONG_TEXT_BYTES = 512;

const LAST_ASCII = 0x7f;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** What JSON.stringify writes for each ASCII byte. */
const ESCAPES = Array.from({ length: 0x80 }, (_, code) =>
  Buffer.from(JSON.stringify(String.fromCharCode(code)).slice(1, -1)),
);
/** 1 for the bytes that stay as they are: all but the escaped ones. */
const PLAIN = Uint8Array.from({ length: 0x100 }, (_, byte) => (byte < 0x80 && ESCAPES[byte]?.length !== 1 ? 0 : 1));

/** Builds JSON text as UTF-8 in a buffer that is used again for the next text. */
export class JsonOutput {
  private bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  private length = 0;

  /** Copies ready-made JSON. */
  raw(text: Uint8Array): void {
    const { length } = text;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    for (let index = 0; index < length; index++) bytes[at++] = text[index] ?? 0;
    this.length = at;
  }

  /** Appends JSON text. */
  json(text: string): void {
    this.reserve(text.length * LONGEST_CHARACTER);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  /** Appends text that is known to be ASCII. */
  ascii(text: string): void {
    this.reserve(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    this.length = at;
  }

  /** A string literal. */
  literal(text: string): void {
    this.reserve(text.length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > LAST_ASCII || PLAIN[code] !== 1) {
        this.json(JSON.stringify(text));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }

  /** A comma, unless nothing has been put into the object or array yet. */
  separate(): void {
    const last = this.bytes[this.length - 1];
    if (last === OPEN_BRACE || last === OPEN_BRACKET) return;
    this.reserve(1);
    this.bytes[this.length++] = COMMA;
  }

  /** A string literal from UTF-8 bytes. */
  text(source: Buffer, start: number, end: number): void {
    if (end - start > LONG_TEXT_BYTES) {
      this.json(JSON.stringify(source.toString('utf8', start, end)));
      return;
    }
    this.reserve((end - start) * LONGEST_ESCAPE + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let index = start; index < end; index++) {
      const byte = source[index] ?? 0;
      if (PLAIN[byte] === 1) {
        bytes[at++] = byte;
        continue;
      }
      for (const escaped of ESCAPES[byte] ?? []) bytes[at++] = escaped;
    }
    bytes[at++] = QUOTE;
    this.length = at;
  }

  /** A copy of what has been built; the output is empty afterwards. */
  finish(): Buffer {
    const json = Buffer.allocUnsafe(this.length);
    this.bytes.copy(json, 0, 0, this.length);
    this.reset();
    return json;
  }

  /** Forgets what has been built. */
  reset(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
