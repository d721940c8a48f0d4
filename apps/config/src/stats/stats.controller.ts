import { type Clock, HOUR_MS, hourOf, mergeHealth, NO_HEALTH } from '#libs/domain';
import { WebhookHealthRepository, WebhookHourRepository } from '#libs/store';
import { Controller, Get, Inject, Param, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';

import { showTime } from '../http/time-span.ts';
import { AccessGuard } from '../access/access.guard.ts';
import { invalidFields } from '../http/api-error.ts';
import { readQuery } from '../http/read-body.ts';
import type { Shown } from '../http/shown.ts';
import { Describes } from '../openapi/describes.ts';
import { CLOCK } from '../tokens.ts';
import { OwnedWebhooks } from '../webhooks/owned-webhooks.ts';
import { healthView, hourView, type shownStats, totalsView } from './stats-view.ts';
import { getStats, statsQuery } from './stats.description.ts';

const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 31 * DAY_MS;

/** How a webhook is doing: its health, and its hours. */
@Controller('webhooks/:id/stats')
@UseGuards(AccessGuard)
export class StatsController {
  private readonly webhooks: OwnedWebhooks;
  private readonly health: WebhookHealthRepository;
  private readonly hours: WebhookHourRepository;
  private readonly clock: Clock;

  constructor(
    @Inject(OwnedWebhooks) webhooks: OwnedWebhooks,
    @Inject(WebhookHealthRepository) health: WebhookHealthRepository,
    @Inject(WebhookHourRepository) hours: WebhookHourRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.webhooks = webhooks;
    this.health = health;
    this.hours = hours;
    this.clock = clock;
  }

  /** Whole hours: those that begin at or after the hour of `since`, and before `until`. */
  @Get()
  @Describes(getStats)
  async read(@Param('id') id: string, @Req() request: Request): Promise<Shown<typeof shownStats>> {
    const webhook = await this.webhooks.find(id, request);
    const query = readQuery(request, statsQuery);
    const until = query.until ?? Math.max(this.clock.now(), (query.since ?? 0) + 1);
    const since = query.since ?? until - DAY_MS;
    if (until - since > LONGEST_MS) {
      throw invalidFields([{ field: 'since', message: 'must be at most 31 days before until' }]);
    }
    // In this order: the ledger writes an hour after the health that goes with it.
    const hours = await this.hours.list(webhook.id, { since: hourOf(since), until });
    const stored = await this.health.find(webhook.id);
    const health = mergeHealth(stored, { ...NO_HEALTH, enabledAt: webhook.enabledAt });
    return {
      webhook_id: webhook.id,
      since: showTime(hourOf(since)),
      until: showTime(until),
      health: healthView(health),
      totals: totalsView(hours),
      hours: hours.map(hourView),
    };
  }
}
