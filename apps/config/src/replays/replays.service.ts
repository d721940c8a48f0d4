import { randomUUID } from 'node:crypto';

import type { Clock } from '#libs/domain';
import {
  AttemptRepository,
  NO_PROGRESS,
  type Replay,
  ReplayRepository,
  type ReplaySource,
  type StoredWebhook,
} from '#libs/store';
import { Inject, Injectable } from '@nestjs/common';

import { conflict } from '../http/api-error.ts';
import type { Shown } from '../http/shown.ts';
import { CLOCK } from '../tokens.ts';
import { MOST_ATTEMPTS } from './most-counted.ts';
import { ReplayOutcomes } from './replay-outcomes.ts';
import { replayView, type shownReplay } from './replay-view.ts';

/** One customer's replays must not keep those of others waiting for long. */
const MOST_UNFINISHED = 10;

/** Takes replays on, for the retry app to run. */
@Injectable()
export class ReplaysService {
  private readonly replays: ReplayRepository;
  private readonly outcomes: ReplayOutcomes;
  private readonly clock: Clock;

  constructor(
    @Inject(ReplayRepository) replays: ReplayRepository,
    @Inject(AttemptRepository) attempts: AttemptRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.replays = replays;
    this.outcomes = new ReplayOutcomes(
      (id) => attempts.outcomeOf(id, MOST_ATTEMPTS),
      () => performance.now(),
    );
    this.clock = clock;
  }

  /**
   * Makes sure that a webhook can have one more replay.
   * @throws ApiError 409 when it is not active, or has many replays that are not over
   */
  async mayReplay(webhook: StoredWebhook): Promise<void> {
    if (webhook.status !== 'active') {
      const message = `The webhook is ${webhook.status}; enable it first: PATCH /webhooks/${webhook.id} {"status":"active"}.`;
      throw conflict('WEBHOOK_NOT_ACTIVE', message);
    }
    const unfinished = await this.replays.unfinished(webhook.id, MOST_UNFINISHED);
    if (unfinished.length < MOST_UNFINISHED) return;
    const message = `${MOST_UNFINISHED} replays of the webhook are not over yet; wait for one, or cancel one: DELETE /replays/${unfinished[0]?.id}.`;
    throw conflict('TOO_MANY_REPLAYS', message);
  }

  /** Stores a replay, and shows it. */
  async create(webhook: StoredWebhook, source: ReplaySource): Promise<Shown<typeof shownReplay>> {
    const replay: Replay = {
      id: randomUUID(),
      webhookId: webhook.id,
      customerId: webhook.customerId,
      source,
      state: 'queued',
      progress: NO_PROGRESS,
      failure: undefined,
      createdAt: this.clock.now(),
      startedAt: undefined,
      finishedAt: undefined,
    };
    await this.replays.insert(replay);
    return replayView(replay, { delivered: 0, deadLetters: 0 });
  }

  /** A replay with what has become of its events, as it was at most a minute ago. */
  async show(replay: Replay): Promise<Shown<typeof shownReplay>> {
    return replayView(replay, await this.outcomes.of(replay.id));
  }
}
