/** Whether each fault happens as often as the guarantees say, or, beside all other tests, once. */
export const isFull = process.env['GUARANTEES_LENGTH'] === 'full';

/** One value for the whole proof and one for the short one. */
export function fullOrShort<T>(full: T, short: T): T {
  return isFull ? full : short;
}
