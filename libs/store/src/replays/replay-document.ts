import type { Replay, ReplayChoice, ReplayProgress, ReplaySource, ReplayState } from './replay.ts';

type SourceDocument =
  | {
      readonly kind: 'log';
      readonly partition: number;
      readonly from: number;
      readonly to: number;
      readonly since: Date;
      readonly until: Date;
      readonly event_types?: readonly string[] | undefined;
      readonly only: ReplayChoice;
      readonly dry_run: boolean;
    }
  | { readonly kind: 'dead_letters'; readonly id?: string | undefined; readonly total: number; readonly up_to: string };

/** A replay as MongoDB holds it. */
export interface ReplayDocument {
  readonly _id: string;
  readonly webhook_id: string;
  readonly customer_id: string;
  readonly source: SourceDocument;
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
    source: toSourceDocument(replay.source),
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
    source: fromSourceDocument(document.source),
    state: document.state,
    progress: document.progress,
    failure: document.failure,
    createdAt: document.created_at.getTime(),
    startedAt: document.started_at?.getTime(),
    finishedAt: document.finished_at?.getTime(),
  };
}

function toSourceDocument(source: ReplaySource): SourceDocument {
  if (source.kind === 'dead_letters') {
    return { kind: source.kind, id: source.id, total: source.total, up_to: source.upTo };
  }
  const { kind, partition, from, to, since, until, eventTypes, only, dryRun } = source;
  return {
    kind,
    partition,
    from,
    to,
    since: new Date(since),
    until: new Date(until),
    event_types: eventTypes,
    only,
    dry_run: dryRun,
  };
}

function fromSourceDocument(source: SourceDocument): ReplaySource {
  if (source.kind === 'dead_letters') {
    return { kind: source.kind, id: source.id, total: source.total, upTo: source.up_to };
  }
  const { kind, partition, from, to, since, until, event_types, only, dry_run } = source;
  return {
    kind,
    partition,
    from,
    to,
    since: since.getTime(),
    until: until.getTime(),
    eventTypes: event_types,
    only,
    dryRun: dry_run,
  };
}
