/**
 * How long an answer's `Retry-After` asks to wait, in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3). Nonsense and times
 * that have passed ask for nothing.
 */
export function retryAfterMs(value: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Z][a-z]{2,8},? .*\d/.test(text)) return undefined;
  const wait = Date.parse(text) - now;
  return wait > 0 ? wait : undefined;
}
