import type { LatencyHistogram } from './latency-histogram.ts';

export const HOUR_MS = 3_600_000;

/** What a webhook's attempts of one hour came to. */
export interface WebhookHour {
  readonly webhookId: string;
  /** Its beginning, milliseconds since the epoch, UTC. */
  readonly hour: number;
  readonly delivered: number;
  readonly failed: number;
  readonly held: number;
  readonly skipped: number;
  /** Of the attempts that were made: delivered and failed. */
  readonly latency: LatencyHistogram;
}

/** The beginning of the hour in which something happened. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}
