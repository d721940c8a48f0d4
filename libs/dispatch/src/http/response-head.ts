/** Where the body of an answer ends (RFC 9112, section 6.3). */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** Where the connection does. */
  | { readonly kind: 'close' };

/** What an attempt needs to know of an answer's status line and headers. */
export interface ResponseHead {
  readonly status: number;
  readonly framing: Framing;
  /** Whether the connection can carry another request once the body has ended. */
  readonly persistent: boolean;
  /** How long the endpoint keeps an idle connection, in milliseconds; undefined when it does not say. */
  readonly keepAliveMs: number | undefined;
  readonly retryAfter: string | undefined;
}

const TEXT = String.raw`[\t\x20-\x7e\x80-\xff]*`;
const TOKEN = String.raw`[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+`;
/** The status line, and the lines of the headers. No line is folded: RFC 9112, section 5.2, has clients refuse or replace such ones. */
const HEAD = new RegExp(String.raw`^HTTP/1\.([01]) ([1-9]\d\d)(?: ${TEXT})?\r\n((?:${TOKEN}:${TEXT}\r\n)*)$`);
const WANTED = /^(content-length|transfer-encoding|connection|keep-alive|retry-after):(.*)\r$/gim;
const NO_BODY: Framing = { kind: 'length', bytes: 0 };
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/**
 * Reads a head.
 *
 * @param text Latin-1, from the status line to the line end of the last header.
 * @returns undefined when it is not valid HTTP/1.0 or 1.1 (RFC 9112), or does not say clearly where the body ends.
 */
export function readHead(text: string): ResponseHead | undefined {
  const [, minor, code = '', lines = ''] = HEAD.exec(text) ?? [];
  if (minor === undefined) return undefined;
  const fields = fieldsOf(lines);
  const status = Number(code);
  const framing = BODILESS.has(status) || status < 200 ? NO_BODY : framingOf(fields);
  if (!framing) return undefined;
  const options = fields.connection?.toLowerCase().split(/[\t ,]+/) ?? [];
  const asked = minor === '1' ? !options.includes('close') : options.includes('keep-alive');
  // Both headers, or a coding that HTTP/1.0 does not have: somebody between might see another end (RFC 9112, section 6.1).
  const doubtful = fields.coding !== undefined && (fields.length !== undefined || minor === '0');
  return {
    status,
    framing,
    persistent: asked && !doubtful && framing.kind !== 'close',
    keepAliveMs: keepAliveOf(fields.keepAlive),
    retryAfter: fields.retryAfter,
  };
}

interface Fields {
  length?: string;
  coding?: string;
  connection?: string;
  keepAlive?: string;
  retryAfter?: string;
}

function fieldsOf(lines: string): Fields {
  const fields: Fields = {};
  for (const [, name = '', given = ''] of lines.matchAll(WANTED)) {
    const value = given.trim();
    switch (name.toLowerCase()) {
      case 'content-length':
        fields.length = fields.length === undefined ? value : `${fields.length},${value}`;
        break;
      case 'transfer-encoding':
        fields.coding = fields.coding === undefined ? value : `${fields.coding},${value}`;
        break;
      case 'connection':
        fields.connection = fields.connection === undefined ? value : `${fields.connection},${value}`;
        break;
      case 'keep-alive':
        fields.keepAlive = value;
        break;
      default:
        fields.retryAfter ??= value;
    }
  }
  return fields;
}

function framingOf({ coding, length }: Fields): Framing | undefined {
  if (coding !== undefined) return /(^|[\t ,])chunked$/i.test(coding) ? { kind: 'chunked' } : { kind: 'close' };
  if (length === undefined) return { kind: 'close' };
  const [first = '', ...others] = length.split(',').map((text) => text.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) return undefined;
  return first === '0' ? NO_BODY : { kind: 'length', bytes: Number(first) };
}

function keepAliveOf(text: string | undefined): number | undefined {
  const [, seconds] = /(?:^|[\t ,])timeout *= *"?(\d{1,9})/i.exec(text ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
