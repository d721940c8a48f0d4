import { setTimeout as pauseFor } from 'node:timers/promises';

import { messageOf } from '#libs/domain';
import type { Logger, ReadinessCheck } from '#libs/runtime';

const PAUSE_MS = 1_000;

/** Creates the indexes in the background, until it works, so that the app starts while MongoDB is away. */
export class PreparedIndexes {
  private readonly repositories: ReadonlyArray<{ ensureIndexes(): Promise<void> }>;
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private done = false;

  constructor(repositories: ReadonlyArray<{ ensureIndexes(): Promise<void> }>, logger: Logger) {
    this.repositories = repositories;
    this.logger = logger;
  }

  readonly check: ReadinessCheck = {
    name: 'indexes',
    check: async () => {
      if (!this.done) throw new Error('not created yet');
    },
  };

  async create(): Promise<void> {
    const { signal } = this.stopping;
    while (!this.done && !signal.aborted) {
      try {
        for (const repository of this.repositories) await repository.ensureIndexes();
        this.done = true;
      } catch (error) {
        this.logger.warn({ err: error }, `indexes not created yet: ${messageOf(error)}`);
        await pauseFor(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  stop(): void {
    this.stopping.abort();
  }
}
