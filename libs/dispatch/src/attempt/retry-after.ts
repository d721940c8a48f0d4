const DAY = '(Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const TIME = String.raw`\d\d:\d\d:\d\d`;
const MONTH = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';

/** The three forms of an HTTP date (RFC 9110, section 5.6.7); the last one is in UTC without saying so. */
const PREFERRED_DATE = new RegExp(String.raw`^${DAY}, \d\d ${MONTH} \d{4} ${TIME} GMT$`);
const OBSOLETE_DATE = new RegExp(String.raw`^${DAY}[a-z]*day, \d\d-${MONTH}-\d\d ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(String.raw`^${DAY} ${MONTH} [ \d]\d ${TIME} \d{4}$`);

/**
 * How long an answer's `Retry-After` asks to wait, in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3). Nonsense and times
 * that have passed ask for nothing.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1_000;
  const wait = httpDate(text) - now;
  return wait > 0 ? wait : undefined;
}

/** Milliseconds since the epoch; NaN when the text is not an HTTP date. */
function httpDate(text: string): number {
  if (PREFERRED_DATE.test(text) || OBSOLETE_DATE.test(text)) return Date.parse(text);
  return ASCTIME_DATE.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
