import type { Replay, ReplayProgress, ReplaySource, ReplayState } from './replay.ts';

/** A replay as MongoDB holds it. */
export interface ReplayDocument {
  readonly _id: string;
  readonly webhook_id: string;
  readonly customer_id: string;
  readonly source: ReplaySource;
  readonly state: ReplayState;
  readonly progress: ReplayProgress;
  readonly failure?: string | undefined;
  readonly created_at: Date;
  readonly started_at?: Date | undefined;
  readonly finished_at?: Date | undefined;
  readonly expires_at?: Date | undefined;
  /** Who runs it, until when. */
  readonly owner?: string | undefined;
  readonly leased_until: Date;
}

export function toDocument(replay: Replay): Omit<ReplayDocument, 'owner' | 'leased_until'> {
  const { startedAt, finishedAt } = replay;
  return {
    _id: replay.id,
    webhook_id: replay.webhookId,
    customer_id: replay.customerId,
    source: replay.source,
    state: replay.state,
    progress: replay.progress,
    failure: replay.failure,
    created_at: new Date(replay.createdAt),
    started_at: startedAt === undefined ? undefined : new Date(startedAt),
    finished_at: finishedAt === undefined ? undefined : new Date(finishedAt),
  };
}

export function fromDocument(document: ReplayDocument): Replay {
  return {
    id: document._id,
    webhookId: document.webhook_id,
    customerId: document.customer_id,
    source: document.source,
    state: document.state,
    progress: document.progress,
    failure: document.failure,
    createdAt: document.created_at.getTime(),
    startedAt: document.started_at?.getTime(),
    finishedAt: document.finished_at?.getTime(),
  };
}
