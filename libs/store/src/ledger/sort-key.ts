/** Digits of milliseconds since the epoch, enough until the year 2286. */
const TIME_DIGITS = 13;
const LAST_TIME = 10 ** TIME_DIGITS - 1;
const SORT_KEY = new RegExp(`^\\d{${TIME_DIGITS}}/.`);

/** A range of sort keys. */
export interface KeyRange {
  readonly $gte?: string;
  readonly $lt?: string;
}

/**
 * Orders entries by time, and those of one millisecond by id, as one text: a span of time, a cursor and both together are then one
 * range of one field, which any index that ends in it can serve.
 */
export function sortKey(at: number, id: string): string {
  return `${timeKey(at)}/${id}`;
}

/** Lies before every sort key of the same millisecond, and after all of the one before. */
export function timeKey(at: number): string {
  return String(Math.min(Math.max(0, Math.floor(at)), LAST_TIME)).padStart(TIME_DIGITS, '0');
}

/** Whether a text is a sort key, for cursors that come from outside. */
export function isSortKey(text: string): boolean {
  return SORT_KEY.test(text);
}

/**
 * The range of what happened in a span of time, before a cursor; undefined for everything.
 *
 * @param given.since milliseconds since the epoch, included
 * @param given.until milliseconds since the epoch, excluded
 * @param given.before the sort key of the last entry of the page before, excluded
 */
export function keyRange(given: {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly before?: string | undefined;
}): KeyRange | undefined {
  const { since, until, before } = given;
  const ends = [before, until === undefined ? undefined : timeKey(until)].filter((end) => end !== undefined);
  const [end] = ends.toSorted();
  if (since === undefined && end === undefined) return undefined;
  return { ...(since === undefined ? {} : { $gte: timeKey(since) }), ...(end === undefined ? {} : { $lt: end }) };
}
