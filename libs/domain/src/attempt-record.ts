import type { AttemptTiming } from './outcome.ts';

export const ATTEMPT_RESULTS = ['delivered', 'failed', 'held', 'skipped'] as const;
export type AttemptResult = (typeof ATTEMPT_RESULTS)[number];

export interface AttemptRecord {
  readonly id: string;
  readonly webhookId: string;
  readonly customerId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly resourceType: string;
  readonly originPartition: number;
  readonly originOffset: number;
  readonly attempt: number;
  readonly outcome: AttemptResult;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly at: number;
  readonly timing: AttemptTiming;
  readonly status: number | undefined;
  readonly excerpt: Buffer | undefined;
  readonly next: 'none' | 'retry' | 'dead_letter';
  readonly nextTier: string | undefined;
  readonly nextAt: number | undefined;
  readonly nextReason: string | undefined;
  readonly replayId: string | undefined;
}
