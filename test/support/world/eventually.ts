import { setTimeout as pauseFor } from 'node:timers/promises';
import { inspect } from 'node:util';

const ASK_EVERY_MS = 100;
/** An answer that takes long costs those who work on what is awaited: they get this many times as long before the next question. */
const REST = 4;
const LONGEST_REST_MS = 2_000;
/** An answer may be anything, also one that refers to itself. */
const SHOWN = { depth: 8, maxArrayLength: 100, breakLength: Infinity };

/** Asks until an answer fits, for what can only be asked for. @throws Error after `limitMs`, with the last answer. */
export async function eventually<T>(ask: () => Promise<T>, fits: (answer: T) => boolean, limitMs = 60_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const askedAt = performance.now();
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`no such answer in ${limitMs} ms; the last: ${inspect(answer, SHOWN)}`);
    const restMs = Math.min(REST * (performance.now() - askedAt), LONGEST_REST_MS);
    await pauseFor(Math.max(ASK_EVERY_MS, restMs));
  }
}
