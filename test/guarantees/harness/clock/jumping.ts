/** Loaded into a worker before its own code: SIGUSR2 sets its wall clock by `CLOCK_JUMP_MS`. */
const wall = Date.now;
let ahead = 0;
Date.now = () => wall() + ahead;
process.on('SIGUSR2', () => {
  ahead = Number(process.env['CLOCK_JUMP_MS']);
});
