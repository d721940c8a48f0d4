import { setTimeout as pauseFor } from 'node:timers/promises';

import { ConfigurationError, messageOf } from '#libs/domain';
import type { Logger, ReadinessCheck } from '#libs/runtime';

/** Something that has to be done once before the app is ready, and that may be done twice. */
export interface Step {
  readonly name: string;
  run(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Does the steps in the background, each until it works, so that the app answers from the first moment. */
export class Preparation {
  private readonly steps: readonly Step[];
  private readonly logger: Logger;
  private readonly done = new Set<string>();
  private readonly stopping = new AbortController();

  constructor(steps: readonly Step[], logger: Logger) {
    this.steps = steps;
    this.logger = logger;
  }

  start(onFatal: (error: unknown) => void): void {
    for (const step of this.steps) this.insist(step).catch(onFatal);
  }

  stop(): void {
    this.stopping.abort();
  }

  /** One check a step, for the readiness probe. */
  checks(): ReadinessCheck[] {
    return this.steps.map(({ name }) => ({
      name,
      check: async () => {
        if (!this.done.has(name)) throw new Error('not done yet');
      },
    }));
  }

  private async insist(step: Step): Promise<void> {
    const { signal } = this.stopping;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await step.run();
        this.done.add(step.name);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ConfigurationError) throw error;
        this.logger.warn({ step: step.name }, `not ready yet: ${messageOf(error)}`);
        await pauseFor(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
