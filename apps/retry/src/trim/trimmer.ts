import { messageOf } from '#libs/domain';
import type { CommittedPosition, RecordRemover } from '#libs/kafka';
import type { Logger } from '#libs/runtime';

const TRIM_EVERY_MS = 60_000;

/** Retry topics keep records without a time limit; what lies behind the commits is removed once a minute. */
export class Trimmer {
  private readonly committed: () => readonly CommittedPosition[];
  private readonly remover: RecordRemover;
  private readonly logger: Logger;
  private readonly trimmed = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(given: { committed: () => readonly CommittedPosition[]; remover: RecordRemover; logger: Logger }) {
    this.committed = given.committed;
    this.remover = given.remover;
    this.logger = given.logger;
  }

  start(everyMs: number = TRIM_EVERY_MS): void {
    this.timer = setInterval(() => void this.trim(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Removes what is committed; a failure is logged, and the next round carries it. */
  async trim(): Promise<void> {
    const due = this.committed().filter(
      ({ topic, partition, offset }) => this.trimmed.get(`${topic}/${partition}`) !== offset,
    );
    if (due.length === 0) return;
    try {
      await this.remover.removeBefore(due);
      for (const { topic, partition, offset } of due) this.trimmed.set(`${topic}/${partition}`, offset);
    } catch (error) {
      this.logger.warn({ err: error }, `retry topics not trimmed: ${messageOf(error)}`);
    }
  }
}
