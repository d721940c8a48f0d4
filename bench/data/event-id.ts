const HEAD = 'be9c';
const SERIES_DIGITS = 4;
const MIDDLE = '-0000-4000-8000-';
const NUMBER_DIGITS = 12;
const SERIES_START = HEAD.length;
const NUMBER_START = HEAD.length + SERIES_DIGITS + MIDDLE.length;

/** How long an event id is, in characters. */
export const EVENT_ID_LENGTH = NUMBER_START + NUMBER_DIGITS;

/**
 * The id of an event: a UUID that carries its number and its series. Runs have different series where a late request of one
 * must not be taken for one of the next.
 */
export function eventId(series: number, number: number): string {
  return (
    HEAD + series.toString(16).padStart(SERIES_DIGITS, '0') + MIDDLE + number.toString(16).padStart(NUMBER_DIGITS, '0')
  );
}

/** The number in an id that begins at `start` of `text`; NaN when there is none. */
export function numberIn(text: string, start = 0): number {
  return Number.parseInt(text.slice(start + NUMBER_START, start + EVENT_ID_LENGTH), 16);
}

/** The series in an id that begins at `start` of `text`; NaN when there is none. */
export function seriesIn(text: string, start = 0): number {
  return Number.parseInt(text.slice(start + SERIES_START, start + SERIES_START + SERIES_DIGITS), 16);
}
