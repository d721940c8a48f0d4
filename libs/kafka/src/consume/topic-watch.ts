import { setTimeout as pauseFor } from 'node:timers/promises';

import { CodedError } from '#libs/domain';
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
  }) {
    this.admin = given.admin;
    this.topics = given.topics;
    this.everyMs = given.everyMs ?? LOOK_EVERY_MS;
    this.missed = given.missed;
    this.gone = given.gone;
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
    if (this.absent.length > 0) {
      this.stop();
      this.gone(new CodedError('TOPIC_GONE', `deleted while it was read: ${this.absent.join(', ')}`));
      return;
    }
    const missing = await this.missing(this.topics);
    if (missing.length === 0) return;
    await pauseFor(AGAIN_AFTER_MS, undefined, { ref: false });
    const still = await this.missing(missing);
    if (still.length === 0 || !this.timer) return;
    this.absent = still;
    this.missed(still);
  }

  /** Those of which Kafka says that they are not there. One after the other: a question that fails gives up the connection of all. */
  private async missing(topics: readonly string[]): Promise<readonly string[]> {
    if ((await this.answerFor(topics)) === 'there') return [];
    const missing: string[] = [];
    for (const topic of topics) if ((await this.answerFor([topic])) === 'missing') missing.push(topic);
    return missing;
  }

  private async answerFor(topics: readonly string[]): Promise<'there' | 'missing' | 'none'> {
    try {
      await this.admin.use((admin) => admin.fetchTopicMetadata({ topics: [...topics] }));
      return 'there';
    } catch (error) {
      return isUnknown(error) ? 'missing' : 'none';
    }
  }
}

function isUnknown(error: unknown): boolean {
  const { cause } = error instanceof Error ? error : {};
  return Reflect.get(Object(cause), 'type') === 'UNKNOWN_TOPIC_OR_PARTITION';
}
