import { randomUUID } from 'node:crypto';

import {
  assertNever,
  type Clock,
  lastWellAt,
  mergeHealth,
  messageOf,
  NO_HEALTH,
  verdictOf,
  type WebhookHealth,
  type WebhookNotice,
} from '#libs/domain';
import type { Logger } from '#libs/runtime';
import type {
  AttemptRepository,
  PendingNotices,
  StoredWebhook,
  WebhookHealthRepository,
  WebhookRepository,
  WebhookStatusRepository,
} from '#libs/store';

import type { NoticeSender } from './notice-sender.ts';

type FailingHealth = WebhookHealth & { readonly failingSince: number; readonly lastFailureAt: number };
type Step =
  | { readonly kind: 'nothing' }
  /** Somebody changed the webhook since it was read. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'noted'; readonly pending: PendingNotices };

const NOTHING: Step = { kind: 'nothing' };
/** An endpoint that refuses every event at once makes millions of attempts: to count them all would take longer than MongoDB is waited for. */
const ATTEMPTS_TOLD = 100_000;

/**
 * Disables webhooks that have failed for too long, and has their customers told, beforehand too. What was decided, and what is to be
 * told of it, is one write; a crash after it leaves the rest to the sweepers.
 */
export class WebhookJudge {
  private readonly webhooks: WebhookRepository;
  private readonly statuses: WebhookStatusRepository;
  private readonly health: WebhookHealthRepository;
  private readonly attempts: AttemptRepository;
  private readonly sender: NoticeSender;
  private readonly disableAfterMs: number;
  private readonly clock: Clock;
  private readonly logger: Logger;

  /** @param given.disableAfterMs how long a webhook may fail without a success; -1 = for ever. */
  constructor(given: {
    webhooks: WebhookRepository;
    statuses: WebhookStatusRepository;
    health: WebhookHealthRepository;
    attempts: AttemptRepository;
    sender: NoticeSender;
    disableAfterMs: number;
    clock: Clock;
    logger: Logger;
  }) {
    this.webhooks = given.webhooks;
    this.statuses = given.statuses;
    this.health = given.health;
    this.attempts = given.attempts;
    this.sender = given.sender;
    this.disableAfterMs = given.disableAfterMs;
    this.clock = given.clock;
    this.logger = given.logger;
  }

  /** @throws UnavailableError while MongoDB does not answer; nothing is harmed by doing it again. */
  async judge(webhookId: string): Promise<void> {
    for (;;) {
      const step = await this.decide(webhookId);
      switch (step.kind) {
        case 'nothing':
          return;
        case 'overtaken':
          continue;
        case 'noted':
          return this.tell(step.pending);
        default:
          assertNever(step);
      }
    }
  }

  private async decide(webhookId: string): Promise<Step> {
    const webhook = await this.webhooks.find(webhookId);
    if (webhook?.status !== 'active') return NOTHING;
    const stored = await this.health.find(webhookId);
    const health = mergeHealth(stored, { ...NO_HEALTH, enabledAt: webhook.enabledAt });
    if (!isFailing(health)) return NOTHING;
    const verdict = verdictOf(health, this.disableAfterMs);
    switch (verdict.kind) {
      case 'well':
        return NOTHING;
      case 'failing':
        return isWarned(webhook, health) ? NOTHING : this.warn(webhook, health);
      case 'to_disable':
        return this.disable(webhook, health, verdict.reason);
      default:
        return assertNever(verdict);
    }
  }

  private async warn(webhook: StoredWebhook, health: FailingHealth): Promise<Step> {
    const notices = [await this.noticeOf(webhook, health, undefined, this.clock.now())];
    return noted(await this.statuses.warn(webhook, { warnedAt: health.lastFailureAt, notices }));
  }

  /** Whoever was not warned before, since it all came at once, is warned now, so that nobody has to reckon with the one without the other. */
  private async disable(webhook: StoredWebhook, health: FailingHealth, reason: 'failing' | 'gone'): Promise<Step> {
    const at = this.clock.now();
    const late = reason === 'failing' && !isWarned(webhook, health);
    const warning = late ? [await this.noticeOf(webhook, health, undefined, at)] : [];
    const notices = [...warning, await this.noticeOf(webhook, health, reason, at)];
    const warnedAt = late ? health.lastFailureAt : undefined;
    const pending = await this.statuses.disableJudged(webhook, { reason, at, warnedAt, notices });
    if (pending) this.logger.info({ webhook_id: webhook.id, reason }, 'webhook disabled');
    return noted(pending);
  }

  private async noticeOf(
    webhook: StoredWebhook,
    health: FailingHealth,
    reason: 'failing' | 'gone' | undefined,
    at: number,
  ): Promise<WebhookNotice> {
    const { failingSince, lastFailureAt } = health;
    const known = await this.attempts.failuresSince(webhook.id, failingSince, ATTEMPTS_TOLD);
    const [last] = await this.attempts.list({ webhookId: webhook.id, outcome: 'failed', limit: 1 });
    const ends = reason === undefined && this.disableAfterMs >= 0;
    return {
      id: randomUUID(),
      type: reason === undefined ? 'webhook_failing' : 'webhook_disabled',
      at,
      reason,
      failingSince,
      // Attempts that have expired were counted when they were there.
      attempts: Math.max(known, health.failures),
      lastFailureAt,
      lastStatus: last?.status,
      lastError: last?.reason,
      disablesAt: ends ? failingSince + this.disableAfterMs : undefined,
    };
  }

  private async tell(pending: PendingNotices): Promise<void> {
    try {
      await this.sender.send(pending);
    } catch (error) {
      const webhookId = pending.webhook.id;
      this.logger.warn({ err: error, webhook_id: webhookId }, `its customer is told later: ${messageOf(error)}`);
    }
  }
}

function isFailing(health: WebhookHealth): health is FailingHealth {
  return health.failingSince !== undefined && health.lastFailureAt !== undefined;
}

/** Whether the customer was warned since the webhook was last well. */
function isWarned({ warnedAt }: StoredWebhook, health: WebhookHealth): boolean {
  return warnedAt !== undefined && warnedAt > (lastWellAt(health) ?? Number.NEGATIVE_INFINITY);
}

function noted(pending: PendingNotices | undefined): Step {
  return pending ? { kind: 'noted', pending } : { kind: 'overtaken' };
}
