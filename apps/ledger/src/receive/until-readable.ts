import type { Unavailable } from '#libs/event-schemas';
import type { Logger } from '#libs/runtime';

const ASK_AGAIN_MS = 1_000;

/**
 * Decodes a record, and asks again for as long as the schema registry is away: what cannot be read now is neither skipped nor guessed.
 *
 * @returns undefined once the record is not wanted any more
 */
export async function untilReadable<T extends { readonly kind: string }>(
  decode: () => T | Unavailable | Promise<T | Unavailable>,
  wanted: () => boolean,
  logger: Logger,
): Promise<T | undefined> {
  while (wanted()) {
    const result = await decode();
    if (!isUnavailable(result)) return result;
    logger.warn({ err: result.cause }, 'a record waits for the schema registry');
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  return undefined;
}

function isUnavailable(result: { readonly kind: string }): result is Unavailable {
  return result.kind === 'unavailable';
}
