import type { Clock } from '#libs/domain';
import { type LogBounds, PartitionLog } from '#libs/kafka';
import { Inject, Injectable } from '@nestjs/common';

import { invalidFields } from '../http/api-error.ts';
import { showTime } from '../http/time-span.ts';
import { CLOCK } from '../tokens.ts';
import { reachTold } from './reach-told.ts';

/** Where in the log a customer's events of a span of time lie. */
export interface LogPart {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  /** Milliseconds since the epoch, as is the next. */
  readonly since: number;
  readonly until: number;
}

/** Producers set the time of a record: one that is written later may have an earlier time. This much is looked for. */
const CLOCKS_APART_MS = 300_000;

/** Knows how far back the log goes, and where a time lies in it. */
@Injectable()
export class LogReach {
  private readonly log: PartitionLog;
  private readonly clock: Clock;

  constructor(@Inject(PartitionLog) log: PartitionLog, @Inject(CLOCK) clock: Clock) {
    this.log = log;
    this.clock = clock;
  }

  /**
   * Finds a span of time; an `until` that is yet to come is now.
   *
   * @throws ApiError 400 when the log does not go back as far, or the span has not begun; UnavailableError
   */
  async find(customerId: string, span: { readonly since: number; readonly until: number }): Promise<LogPart> {
    const now = this.clock.now();
    const { since } = span;
    const until = Math.min(span.until, now);
    if (since >= until) throw invalidFields([{ field: 'since', message: 'must be a time that has passed' }]);
    const partition = await this.log.partitionOf(customerId);
    const bounds = await this.log.bounds(partition);
    const first = await this.log.offsetAt(partition, since);
    if (first <= bounds.start) await this.mustReach(partition, bounds, since, now);
    const from = Math.max(first, bounds.start);
    const late = until + CLOCKS_APART_MS;
    const to = late >= now ? bounds.end : await this.log.offsetAt(partition, late);
    return { partition, from, to: Math.max(from, to), since, until };
  }

  /** A log of which nothing was removed yet reaches back as far as it would keep records, whatever its oldest one is. */
  private async mustReach(partition: number, bounds: LogBounds, since: number, now: number): Promise<void> {
    const retentionMs = await this.log.retentionMs();
    const whole = bounds.start === 0;
    if (whole && (retentionMs === undefined || since >= now - retentionMs)) return;
    const oldest = bounds.start < bounds.end ? await this.log.startTime(partition, bounds.start, now) : now;
    const kept = whole && retentionMs !== undefined ? reachTold(now - retentionMs) : oldest;
    const reach = Math.min(oldest, kept);
    if (since >= reach) return;
    const message = `is before the oldest event that the log still holds; it goes back to ${showTime(reach)}`;
    throw invalidFields([{ field: 'since', message }]);
  }
}
