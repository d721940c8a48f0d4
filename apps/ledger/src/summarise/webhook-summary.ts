import { FAILURES_COUNTED, lastWellAt, mergeHealth, NO_HEALTH, type WebhookHealth } from '#libs/domain';
import type {
  AttemptRepository,
  DirtyHour,
  WebhookHealthRepository,
  WebhookHourRepository,
  WebhookRepository,
} from '#libs/store';

const GONE = 410;

/**
 * Counts what happened, from the attempts themselves. Several may count the same hour, and in any order: a count of more attempts wins,
 * and views of a webhook's health are joined.
 */
export class WebhookSummary {
  private readonly attempts: AttemptRepository;
  private readonly hours: WebhookHourRepository;
  private readonly health: WebhookHealthRepository;
  private readonly webhooks: Pick<WebhookRepository, 'find'>;

  constructor(given: {
    attempts: AttemptRepository;
    hours: WebhookHourRepository;
    health: WebhookHealthRepository;
    webhooks: Pick<WebhookRepository, 'find'>;
  }) {
    this.attempts = given.attempts;
    this.hours = given.hours;
    this.health = given.health;
    this.webhooks = given.webhooks;
  }

  /**
   * The hour is read first and written last: whoever reads it finds a health that knows of the same attempts at least.
   *
   * @param goOn asked from time to time while an hour has many attempts.
   * @returns false where it was not to go on, and nothing was counted.
   * @throws UnavailableError; nothing is harmed by doing it again
   */
  async count({ webhookId, hour }: DirtyHour, goOn?: () => Promise<boolean>): Promise<boolean> {
    const counted = await this.attempts.countHour(webhookId, hour, goOn);
    if (!counted || (goOn && !(await goOn()))) return false;
    await this.health.merge(webhookId, await this.viewOf(webhookId));
    await this.hours.put(counted);
    return true;
  }

  /**
   * What was known before only spares looking further back. The last success is read before the failures after it: whatever is written
   * in between has a mark of its own.
   */
  private async viewOf(webhookId: string): Promise<WebhookHealth> {
    const { attempts } = this;
    const enabledAt = (await this.webhooks.find(webhookId))?.enabledAt;
    const known = mergeHealth(await this.health.find(webhookId), { ...NO_HEALTH, enabledAt });
    const lastSuccessAt =
      (await attempts.newestAt(webhookId, 'delivered', known.lastSuccessAt ?? 0)) ?? known.lastSuccessAt;
    const well = lastWellAt({ lastSuccessAt, enabledAt: known.enabledAt });
    const failingSince = await attempts.oldestAt(webhookId, 'failed', after(well));
    const lastFailureAt = await attempts.newestAt(webhookId, 'failed', known.lastFailureAt ?? 0);
    const failures =
      failingSince === undefined ? 0 : await attempts.failuresSince(webhookId, failingSince, FAILURES_COUNTED);
    const gone = await this.goneOf(webhookId, known, { lastSuccessAt, enabledAt: known.enabledAt });
    return { lastSuccessAt, lastFailureAt, failingSince, failures, ...gone, enabledAt: known.enabledAt };
  }

  /** What else was answered is read before the 410s after it, for the same reason. */
  private async goneOf(
    webhookId: string,
    known: WebhookHealth,
    well: Pick<WebhookHealth, 'lastSuccessAt' | 'enabledAt'>,
  ): Promise<Pick<WebhookHealth, 'lastOtherAt' | 'goneSince'>> {
    const from = Math.max(known.lastOtherAt ?? 0, well.lastSuccessAt ?? 0);
    const other = (await this.attempts.newestFailureBut(GONE, webhookId, from)) ?? (from === 0 ? undefined : from);
    const floor = Math.max(other ?? -1, lastWellAt(well) ?? -1);
    return { lastOtherAt: other, goneSince: await this.attempts.oldestFailureWith(GONE, webhookId, floor + 1) };
  }
}

function after(at: number | undefined): number {
  return at === undefined ? 0 : at + 1;
}
