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
const HEAD = new RegExp(String.raw`^HTTP/1\.[01] [1-9]\d\d(?: ${TEXT})?\r\n(?:${TOKEN}:${TEXT}\r\n)*$`);
const MINOR_AT = 'HTTP/1.'.length;
const CODE_AT = MINOR_AT + 2;
const CODE_END = CODE_AT + 3;
const LINE_END = '\r\n';
const NO_BODY: Framing = { kind: 'length', bytes: 0 };
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/**
 * Reads a head.
 *
 * @param text Latin-1, from the status line to the line end of the last header.
 * @returns undefined when it is not valid HTTP/1.0 or 1.1 (RFC 9112), or does not say clearly where the body ends.
 */
export function readHead(text: string): ResponseHead | undefined {
  if (!HEAD.test(text)) return undefined;
  const isOld = text.startsWith('0', MINOR_AT);
  const fields = fieldsOf(text);
  const status = Number(text.slice(CODE_AT, CODE_END));
  const bodiless = BODILESS.has(status) || status < 200;
  const framing = bodiless ? NO_BODY : framingOf(fields);
  if (!framing) return undefined;
  // Both headers, or a coding that HTTP/1.0 does not have: somebody between might see another end (RFC 9112, section 6.1).
  // A body that is announced where there can be none: some servers send it all the same.
  const doubtful = bodiless
    ? fields.coding !== undefined || (fields.length ?? '0') !== '0'
    : fields.coding !== undefined && (fields.length !== undefined || isOld);
  return {
    status,
    framing,
    persistent: staysOpen(fields.connection, isOld) && !doubtful && framing.kind !== 'close',
    keepAliveMs: fields.keepAlive === undefined ? undefined : keepAliveOf(fields.keepAlive),
    retryAfter: fields.retryAfter,
  };
}

function staysOpen(connection: string | undefined, isOld: boolean): boolean {
  if (connection === undefined) return !isOld;
  const options = connection.toLowerCase().split(/[\t ,]+/);
  return isOld ? options.includes('keep-alive') : !options.includes('close');
}

/** The fields of a head that matter; those given several times in the order they came, separated by commas. */
interface Fields {
  length: string | undefined;
  coding: string | undefined;
  connection: string | undefined;
  keepAlive: string | undefined;
  retryAfter: string | undefined;
}

/** Looks at names of the right length only: this runs for every answer. */
function fieldsOf(text: string): Fields {
  const fields: Fields = {
    length: undefined,
    coding: undefined,
    connection: undefined,
    keepAlive: undefined,
    retryAfter: undefined,
  };
  let start = text.indexOf(LINE_END) + LINE_END.length;
  while (start < text.length) {
    const end = text.indexOf(LINE_END, start);
    const colon = text.indexOf(':', start);
    switch (colon - start) {
      case 'connection'.length:
      case 'retry-after'.length:
      case 'content-length'.length:
      case 'transfer-encoding'.length:
        note(fields, text.slice(start, colon).toLowerCase(), text.slice(colon + 1, end));
    }
    start = end + LINE_END.length;
  }
  return fields;
}

function note(fields: Fields, name: string, given: string): void {
  const value = given.trim();
  switch (name) {
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
    case 'retry-after':
      fields.retryAfter ??= value;
  }
}

function framingOf({ coding, length }: Fields): Framing | undefined {
  if (coding !== undefined) return /(^|[\t ,])chunked$/i.test(coding) ? { kind: 'chunked' } : { kind: 'close' };
  if (length === undefined) return { kind: 'close' };
  if (length === '0') return NO_BODY;
  const [first = '', ...others] = length.split(',').map((text) => text.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) return undefined;
  return first === '0' ? NO_BODY : { kind: 'length', bytes: Number(first) };
}

function keepAliveOf(text: string): number | undefined {
  const [, seconds] = /(?:^|[\t ,])timeout *= *"?(\d{1,9})/i.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
