/** What a replay reads: a span of a customer's partition of the event topic, or the dead letters of a webhook. */
export type ReplaySource =
  | {
      readonly kind: 'log';
      readonly partition: number;
      /** The first offset to be read. */
      readonly from: number;
      /** The offset behind the last one to be read. */
      readonly to: number;
      /** Only records from this time on, and before the next; milliseconds since the epoch. */
      readonly since: number;
      readonly until: number;
      /** Selectors; undefined = everything that the webhook asks for. */
      readonly eventTypes: readonly string[] | undefined;
      /** `failed`: only events that the webhook has not taken yet. */
      readonly only: ReplayChoice;
      readonly dryRun: boolean;
    }
  | {
      readonly kind: 'dead_letters';
      /** The only one; undefined = all that were not redelivered. */
      readonly id: string | undefined;
      /** How many there were at least when the replay was asked for. */
      readonly total: number;
      /** The cursor of the newest of them: what is given up later is not touched. */
      readonly upTo: string;
    };

export const REPLAY_CHOICES = ['failed', 'all'] as const;
export type ReplayChoice = (typeof REPLAY_CHOICES)[number];

/** `done`: everything was handed over for delivery. What fails then goes on by the retry schedule. */
export type ReplayState = 'queued' | 'running' | 'done' | 'cancelled' | 'failed';

/** How far a replay has come. */
export interface ReplayProgress {
  /** Where to go on: an offset, or the cursor of a dead letter. Undefined = from the beginning. */
  readonly cursor: string | undefined;
  /** Records looked at: of a log, those of other customers in the partition, too. */
  readonly read: number;
  /** Events that fit what was asked for. */
  readonly matched: number;
  /** Events handed over for delivery. */
  readonly sent: number;
}

/** A job that delivers events to a webhook once more. */
export interface Replay {
  readonly id: string;
  readonly webhookId: string;
  readonly customerId: string;
  readonly source: ReplaySource;
  readonly state: ReplayState;
  readonly progress: ReplayProgress;
  /** Why it failed, for people. */
  readonly failure: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  /** When it was done, cancelled or failed. */
  readonly finishedAt: number | undefined;
}

export const NO_PROGRESS: ReplayProgress = { cursor: undefined, read: 0, matched: 0, sent: 0 };
