import { type AttemptRecord, hourOf } from '#libs/domain';
import type { AttemptRepository, DirtyHourRepository } from '#libs/store';

/** How long an hour gathers attempts before it is counted. */
const COUNT_AFTER_MS = 2_000;

/**
 * Writes attempts, then marks their hours. In this order a crash in between repeats both, and a counting that clears a mark has
 * seen the attempts that the mark stands for.
 */
export class AttemptProjection {
  private readonly attempts: AttemptRepository;
  private readonly dirtyHours: DirtyHourRepository;

  constructor(attempts: AttemptRepository, dirtyHours: DirtyHourRepository) {
    this.attempts = attempts;
    this.dirtyHours = dirtyHours;
  }

  /** @throws UnavailableError; nothing is harmed by doing it again. */
  async write(records: readonly AttemptRecord[]): Promise<void> {
    await this.attempts.insertMissing(records);
    const hours = records.map(({ webhookId, at }) => ({ webhookId, hour: hourOf(at) }));
    await this.dirtyHours.mark(hours, COUNT_AFTER_MS);
  }
}
