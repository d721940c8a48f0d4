/** How many headers of its own a webhook may have. */
export const MAX_HEADERS = 20;
const MAX_NAME_LENGTH = 100;
const MAX_VALUE_LENGTH = 2_048;

/** What stands in place of a sensitive value wherever headers are shown. */
export const HIDDEN_VALUE = '[hidden]';

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
/** RFC 9110, section 5.5, without the bytes that are not ASCII. */
const FIELD_VALUE = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/;

/** They belong to one connection (RFC 9110, section 7.6.1), or frame the message. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** They are set by every delivery, or say where a request came from. */
const RESERVED =
  /^(?:content-type|user-agent|via|forwarded|traceparent|tracestate|x-forwarded-.*|x-real-ip|webhook-.*|x-voipbin-.*)$/;

const SENSITIVE = /auth|cookie|credential|key|pass|secret|session|signature|token/;

/** Whether the value of a header is a secret by its name, and never shown again. @param name in lower case */
export function isSensitive(name: string): boolean {
  return SENSITIVE.test(name);
}

/** What is wrong with the name of a header; undefined when nothing is. */
export function headerNameProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  if (name.length > MAX_NAME_LENGTH) return `must have a name of at most ${MAX_NAME_LENGTH} characters`;
  if (!TOKEN.test(name)) return 'is not the name of a header; use letters, digits and hyphens';
  if (OF_THE_CONNECTION.has(lower)) return 'cannot be set: it belongs to the connection, or to how the body is sent';
  if (RESERVED.test(lower)) return 'is reserved: every delivery sets it, or it would tell where the request comes from';
  return undefined;
}

/** What is wrong with the value of a header; undefined when nothing is. */
export function headerValueProblem(value: string): string | undefined {
  if (value.length > MAX_VALUE_LENGTH) return `must have at most ${MAX_VALUE_LENGTH} characters`;
  if (value === HIDDEN_VALUE)
    return 'is what this API shows in place of a secret; leave the header out to keep its value';
  if (!FIELD_VALUE.test(value)) return 'must be visible ASCII characters, spaces only between them';
  return undefined;
}
