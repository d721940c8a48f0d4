import { CodedError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Admin } from 'kafkajs';

const LOOK_EVERY_MS = 10_000;
/** A broker that has just started may not know a topic yet. */
const AGAIN_AFTER_MS = 1_000;

/** Where topics are looked for: an admin connection. */
export interface TopicQuestions {
  use<T>(request: (admin: Pick<Admin, 'fetchTopicMetadata'>) => Promise<T>): Promise<T>;
}

/**
 * Notices that a topic was deleted under a running consumer. The client asks for it for ever, reads none of the others meanwhile, and says
 * nothing. A process that starts anew creates the topic, or does without.
 */
export class TopicWatch {
  private readonly admin: TopicQuestions;
  private readonly topics: readonly string[];
  private readonly everyMs: number;
  private readonly missed: (topics: readonly string[]) => void;
  private readonly gone: (error: CodedError) => void;
  private readonly logger: Logger;
  private timer: NodeJS.Timeout | undefined;
  private absent: readonly string[] = [];

  /**
   * @param given.missed told of topics that are not there
   * @param given.gone told at the look after that, with the code `TOPIC_GONE`. The process that creates the topic anew is one that was
   *   told; by then everybody else has missed it, too.
   */
  constructor(given: {
    admin: TopicQuestions;
    topics: readonly string[];
    everyMs: number | undefined;
    missed: (topics: readonly string[]) => void;
    gone: (error: CodedError) => void;
    logger: Logger;
  }) {
    this.admin = given.admin;
    this.topics = given.topics;
    this.everyMs = given.everyMs ?? LOOK_EVERY_MS;
    this.missed = given.missed;
    this.gone = given.gone;
    this.logger = given.logger;
  }

  start(): void {
    this.timer = setTimeout(() => {
      void this.look().then(() => this.timer && this.start());
    }, this.everyMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    try {
      if (this.absent.length > 0) {
        this.stop();
        this.gone(new CodedError('TOPIC_GONE', `deleted while it was read: ${this.absent.join(', ')}`));
        return;
      }
      const missing = await this.missing(this.topics);
      if (missing.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      const still = await this.missing(missing);
      if (still.length === 0 || !this.timer) return;
      this.absent = still;
      this.missed(still);
    } catch (error) {
      this.logger.debug({ err: error }, 'topics not looked for');
    }
  }

  /** @throws UnavailableError where Kafka says neither that a topic is there nor that it is not. */
  private async missing(topics: readonly string[]): Promise<readonly string[]> {
    try {
      await this.admin.use((admin) => admin.fetchTopicMetadata({ topics: [...topics] }));
      return [];
    } catch (error) {
      if (topics.length > 1) return (await Promise.all(topics.map((topic) => this.missing([topic])))).flat();
      if (isUnknown(error)) return topics;
      throw error;
    }
  }
}

function isUnknown(error: unknown): boolean {
  const { cause } = error instanceof Error ? error : {};
  return Reflect.get(Object(cause), 'type') === 'UNKNOWN_TOPIC_OR_PARTITION';
}
