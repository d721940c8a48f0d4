/** Loaded into a worker before its own code: signals set its wall clock. */
const HOUR_MS = 3_600_000;
const wall = Date.now;
let ahead = 0;
Date.now = () => wall() + ahead;
process.on('SIGUSR2', () => (ahead += HOUR_MS));
process.on('SIGPWR', () => (ahead -= HOUR_MS));
