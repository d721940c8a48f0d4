import { setTimeout as pauseFor } from 'node:timers/promises';

const ASK_EVERY_MS = 100;

/** Asks until an answer fits, for what can only be asked for. @throws Error after `limitMs`, with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean, limitMs = 60_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`no such answer in ${limitMs} ms; the last: ${JSON.stringify(answer)}`);
    await pauseFor(ASK_EVERY_MS);
  }
}
