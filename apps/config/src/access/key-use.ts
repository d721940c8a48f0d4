import { type Clock, messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { AccessKey, AccessKeyRepository } from '#libs/store';
import { LRUCache } from 'lru-cache';

const NOTED_EVERY_MS = 60_000;
const MAX_KEYS = 10_000;

/** Notes when access keys were last used, once a minute for each at most. No request waits for it, or fails with it. */
export class KeyUse {
  private readonly keys: AccessKeyRepository;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly noted = new LRUCache<string, number>({ max: MAX_KEYS });

  constructor(given: { keys: AccessKeyRepository; clock: Clock; logger: Logger }) {
    this.keys = given.keys;
    this.clock = given.clock;
    this.logger = given.logger;
  }

  /** A request was made with a key, which was read for it just now. */
  note(key: AccessKey): void {
    const now = this.clock.now();
    const since = now - NOTED_EVERY_MS;
    if (Math.max(key.lastUsedAt ?? 0, this.noted.get(key.id) ?? 0) > since) return;
    this.noted.set(key.id, now);
    this.keys.noteUse(key.id, now, since).catch((error: unknown) => {
      this.logger.debug({ access_key_id: key.id }, `the use of an access key is not noted: ${messageOf(error)}`);
    });
  }
}
