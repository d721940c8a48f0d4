/** To count millions would take longer than a caller waits: so many dead letters are counted before a replay of them begins. */
export const MOST_DEAD_LETTERS = 20_000;
/** For the same reason, so many attempts of a replay are looked at to tell what has become of its events. */
export const MOST_ATTEMPTS = 100_000;
