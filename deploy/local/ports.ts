import { randomInt } from 'node:crypto';
import getPort from 'get-port';

/** Below the ranges from which Linux (32768) and macOS (49152) take the ports of outgoing connections. */
const lowest = 20_000;
const highest = 31_999;

/**
 * A free port of 127.0.0.1 that no outgoing connection can take, so that a part that is restarted finds its port free.
 */
export async function freePort(): Promise<number> {
  const candidates = Array.from({ length: 50 }, () => randomInt(lowest, highest + 1));
  return getPort({ port: candidates, host: '127.0.0.1' });
}

/** Whether a server could listen on that port of every address now. */
export async function isFree(port: number): Promise<boolean> {
  return (await getPort({ port })) === port;
}
