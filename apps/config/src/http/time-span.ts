import { z } from 'zod';

const FORM = 'must be an RFC 3339 time, for example 2026-11-25T10:00:00Z (write the + of an offset as %2B)';

/** A time, in milliseconds since the epoch. */
export const time = z.iso
  .datetime({ offset: true, error: FORM })
  .transform((text) => Date.parse(text))
  .meta({ description: 'RFC 3339, with an offset or `Z`.', examples: ['2026-11-25T10:00:00Z'] });

/** The parameters of a span of time, in milliseconds since the epoch: from `since` on, before `until`. */
export const timeSpan = {
  since: time.optional().meta({ description: 'From this time on (RFC 3339).', examples: ['2026-11-25T10:00:00Z'] }),
  until: time.optional().meta({ description: 'Before this time (RFC 3339).', examples: ['2026-11-25T11:00:00Z'] }),
};

/** For a schema with {@link timeSpan}: the span must not be empty. A time that is none has been found fault with already. */
export function spanIsNotEmpty(given: {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}): boolean {
  return given.since === undefined || given.until === undefined || !(given.since >= given.until);
}

/** What is wrong when it is empty. */
export const EMPTY_SPAN = { path: ['until'], error: 'must be later than since' };

/** A time as the admin REST shows it; null where there is none. */
export function showTime(at: number): string;
export function showTime(at: number | undefined): string | null;
export function showTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
