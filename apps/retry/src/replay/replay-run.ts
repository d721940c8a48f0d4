import { setTimeout as pauseFor } from 'node:timers/promises';

import { messageOf } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { Replay, ReplayLease, ReplayProgress, ReplayRepository } from '#libs/store';

/** Whoever is not heard of for so long has crashed: another worker goes on. */
export const LEASE_MS = 8_000;
const RENEW_EVERY_MS = 2_000;

/** A replay while this worker runs it. */
export class ReplayRun {
  readonly replay: Replay;
  progress: ReplayProgress;
  private readonly lease: ReplayLease;
  private readonly replays: ReplayRepository;
  private readonly logger: Logger;
  private readonly ending = new AbortController();
  private readonly timer: NodeJS.Timeout;

  /** @param given.stopping aborts when the worker shuts down. */
  constructor(given: { lease: ReplayLease; replays: ReplayRepository; logger: Logger; stopping: AbortSignal }) {
    this.lease = given.lease;
    this.replay = given.lease.replay;
    this.progress = given.lease.replay.progress;
    this.replays = given.replays;
    this.logger = given.logger;
    this.signal = AbortSignal.any([given.stopping, this.ending.signal]);
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  /** Aborts when this worker has to let go of the replay. */
  readonly signal: AbortSignal;

  /** Whether this worker may go on. */
  get wanted(): boolean {
    return !this.signal.aborted;
  }

  /** Stores how far it has come. @throws UnavailableError */
  async advance(progress: ReplayProgress): Promise<void> {
    this.progress = progress;
    if (!(await this.replays.advance(this.lease, progress, LEASE_MS))) this.ending.abort();
  }

  /** Resolves after a while, or when the replay is no longer this worker's. */
  async pause(milliseconds: number): Promise<void> {
    if (milliseconds < 1) return;
    await pauseFor(milliseconds, undefined, { signal: this.signal }).catch(() => undefined);
  }

  /** Ends the holding; what is stored stays. */
  close(): void {
    clearInterval(this.timer);
    this.ending.abort();
  }

  private async renew(): Promise<void> {
    try {
      if (!(await this.replays.renew(this.lease, LEASE_MS))) this.ending.abort();
    } catch (error) {
      this.logger.warn({ replay_id: this.replay.id }, `hold on a replay not renewed: ${messageOf(error)}`);
    }
  }
}
