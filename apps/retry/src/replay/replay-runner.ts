import { setTimeout as pauseFor } from 'node:timers/promises';

import { assertNever, messageOf, UnavailableError } from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type { ReplayLease, ReplayRepository, ReplaySource } from '#libs/store';

import { LEASE_MS, ReplayRun } from './replay-run.ts';
import type { ReplayWork, WorkEnd } from './work.ts';

type Kind = ReplaySource['kind'];

/** How many replays of a kind one worker runs at once. Dead letters never wait for a long reading of the log. */
const LANES: Readonly<Record<Kind, number>> = { log: 4, dead_letters: 2 };
/** The others are for the replays of other customers: a long one takes hours. */
const LANES_OF_ONE: Readonly<Record<Kind, number>> = { log: 2, dead_letters: 1 };
const KINDS = ['log', 'dead_letters'] as const;
const IDLE_MS = 1_000;

/** Runs replays, for as long as the app runs. One that another worker began and did not end is taken up where it stands. */
export class ReplayRunner {
  private readonly replays: ReplayRepository;
  private readonly work: Readonly<Record<Kind, ReplayWork>>;
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  /** Whose replays run here, once for each. */
  private readonly served: Readonly<Record<Kind, string[]>> = { log: [], dead_letters: [] };
  private running: Promise<unknown> = Promise.resolve();

  constructor(given: { replays: ReplayRepository; work: Readonly<Record<Kind, ReplayWork>>; logger: Logger }) {
    this.replays = given.replays;
    this.work = given.work;
    this.logger = given.logger;
  }

  start(): void {
    this.running = Promise.all(KINDS.flatMap((kind) => Array.from({ length: LANES[kind] }, () => this.lane(kind))));
  }

  /** Resolves when nothing runs any more; what was running can go on elsewhere at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async lane(kind: Kind): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (await this.runNext(kind)) continue;
      await pauseFor(IDLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Runs a replay; false when there is none, or it could not be run now. */
  private async runNext(kind: Kind): Promise<boolean> {
    try {
      const served = this.served[kind];
      const lease = await this.replays.claim(
        kind,
        LEASE_MS,
        served.filter((customerId) => this.hasEnough(kind, customerId)),
      );
      if (!lease) return false;
      const { customerId } = lease.replay;
      // Meanwhile another lane may have taken one of the same customer, or the app may have begun to stop.
      if (this.stopping.signal.aborted || this.hasEnough(kind, customerId)) {
        await this.replays.release(lease);
        return false;
      }
      served.push(customerId);
      try {
        await this.run(lease);
      } finally {
        served.splice(served.indexOf(customerId), 1);
      }
      return true;
    } catch (error) {
      const level = error instanceof UnavailableError ? 'warn' : 'error';
      this.logger[level]({ err: error }, `a replay has to wait: ${messageOf(error)}`);
      return false;
    }
  }

  private hasEnough(kind: Kind, customerId: string): boolean {
    return this.served[kind].filter((other) => other === customerId).length >= LANES_OF_ONE[kind];
  }

  /** @throws UnavailableError when it has to go on later, here or elsewhere, once its lease is over */
  private async run(lease: ReplayLease): Promise<void> {
    const { replays, logger } = this;
    const run = new ReplayRun({ lease, replays, logger, stopping: this.stopping.signal });
    try {
      await this.conclude(lease, await this.workOn(run));
    } finally {
      run.close();
    }
  }

  private async workOn(run: ReplayRun): Promise<WorkEnd> {
    const { id, source } = run.replay;
    try {
      return await this.work[source.kind].run(run);
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      this.logger.error({ err: error, replay_id: id }, `replay failed: ${messageOf(error)}`);
      return { kind: 'failed', message: 'it failed for a reason on our side' };
    }
  }

  private async conclude(lease: ReplayLease, end: WorkEnd): Promise<void> {
    switch (end.kind) {
      case 'done':
        await this.replays.finish(lease);
        return;
      case 'failed':
        await this.replays.finish(lease, end.message);
        return;
      case 'stopped':
        await this.replays.release(lease);
        return;
      default:
        assertNever(end);
    }
  }
}
