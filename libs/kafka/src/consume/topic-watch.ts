import { CodedError } from '#libs/domain';
import type { Logger } from '#libs/runtime';

import type { AdminConnection } from '../client/admin-connection.ts';

const QUIET_MS = 10_000;

/**
 * Notices that a topic was deleted under a running consumer. The client asks for it for ever, reads none of the others meanwhile, and says
 * nothing. A process that starts anew creates the topic, or does without.
 */
export class TopicWatch {
  private readonly admin: AdminConnection;
  private readonly topics: readonly string[];
  private readonly quietMs: number;
  private readonly gone: (error: CodedError) => void;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private fetchedAt = performance.now();

  /**
   * @param given.quietMs for how long nothing was fetched when topics are looked for, in milliseconds
   * @param given.gone told once, with the code `TOPIC_GONE`
   */
  constructor(given: {
    admin: AdminConnection;
    topics: readonly string[];
    quietMs: number | undefined;
    gone: (error: CodedError) => void;
    logger: Logger;
  }) {
    this.admin = given.admin;
    this.topics = given.topics;
    this.quietMs = given.quietMs ?? QUIET_MS;
    this.gone = given.gone;
    this.logger = given.logger;
  }

  start(): void {
    this.fetched();
    this.timer = setInterval(() => void this.look(), this.quietMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** A broker has answered a fetch. */
  fetched(): void {
    this.fetchedAt = performance.now();
  }

  private async look(): Promise<void> {
    if (performance.now() - this.fetchedAt < this.quietMs) return;
    try {
      const existing = new Set(await this.admin.use((admin) => admin.listTopics()));
      const missing = this.topics.filter((topic) => !existing.has(topic));
      if (missing.length === 0 || this.timer === undefined) return;
      this.stop();
      this.gone(new CodedError('TOPIC_GONE', `deleted while it was read: ${missing.join(', ')}`));
    } catch (error) {
      this.logger.debug({ err: error }, 'topics not looked for');
    }
  }
}
