import { setTimeout as pauseFor } from 'node:timers/promises';

import { type Clock, messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { DirtyHour, DirtyHourRepository } from '#libs/store';

import type { WebhookJudge } from '../judge/webhook-judge.ts';
import type { WebhookSummary } from './webhook-summary.ts';

const LANES = 4;
const IDLE_MS = 1_000;
/** Whoever does not come back within this has crashed: somebody else counts the hour. */
const LEASE_MS = 60_000;
const SHORTEST_REST_MS = 5_000;
/** An hour that changes all the time is counted for a tenth of the time, where that leaves it two minutes old at most; else for half of it. */
const REST_PER_WORK = 9;
const LONGEST_REST_MS = 120_000;

/** Counts the hours that are marked, and judges their webhooks, for as long as the app runs. A mark goes when both are done. */
export class Summariser {
  private readonly dirtyHours: DirtyHourRepository;
  private readonly summary: WebhookSummary;
  private readonly judge: Pick<WebhookJudge, 'judge'>;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(given: {
    dirtyHours: DirtyHourRepository;
    summary: WebhookSummary;
    judge: Pick<WebhookJudge, 'judge'>;
    clock: Clock;
    logger: Logger;
  }) {
    this.dirtyHours = given.dirtyHours;
    this.summary = given.summary;
    this.judge = given.judge;
    this.clock = given.clock;
    this.logger = given.logger;
  }

  start(): void {
    this.running = Promise.all(Array.from({ length: LANES }, () => this.lane()));
  }

  /** Resolves when what is being counted is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Counts the hour that has been due longest; false when there is none, or it could not be counted now. */
  async countOne(): Promise<boolean> {
    try {
      const dirty = await this.dirtyHours.claim(LEASE_MS);
      if (!dirty) return false;
      const began = this.clock.now();
      const goOn = this.leaseOf(dirty);
      if (!(await this.summary.count(dirty, goOn)) || !(await goOn())) {
        await this.dirtyHours.keep(dirty, 0);
        return false;
      }
      await this.judge.judge(dirty.webhookId);
      const tookMs = this.clock.now() - began;
      const restMs = Math.max(SHORTEST_REST_MS, tookMs, Math.min(tookMs * REST_PER_WORK, LONGEST_REST_MS));
      await this.dirtyHours.counted(dirty, restMs);
      return true;
    } catch (error) {
      const level = error instanceof UnavailableError ? 'warn' : 'error';
      this.logger[level]({ err: error }, `an hour was not counted, its mark stays: ${messageOf(error)}`);
      return false;
    }
  }

  /** Keeps an hour claimed while it is counted and judged; false once the app is to end. */
  private leaseOf(dirty: DirtyHour): () => Promise<boolean> {
    let renewedAt = this.clock.now();
    return async () => {
      const now = this.clock.now();
      if (now - renewedAt > LEASE_MS / 3) {
        await this.dirtyHours.keep(dirty, LEASE_MS);
        renewedAt = now;
      }
      return !this.stopping.signal.aborted;
    };
  }

  private async lane(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (await this.countOne()) continue;
      await pauseFor(IDLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
