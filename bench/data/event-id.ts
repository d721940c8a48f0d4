const HEAD = 'be9c0000-0000-4000-8000-';
const DIGITS = 12;

/** How long an event id is, in characters. */
export const EVENT_ID_LENGTH = HEAD.length + DIGITS;

/** The id of an event, a UUID that carries its number. */
export function eventId(number: number): string {
  return HEAD + number.toString(16).padStart(DIGITS, '0');
}

/** The number that an id carries, where the id begins at `start` of `text`; NaN when it is not an id of the bench. */
export function eventNumber(text: string, start = 0): number {
  return Number.parseInt(text.slice(start + HEAD.length, start + EVENT_ID_LENGTH), 16);
}
