import type { WebhookHealth } from '#libs/domain';
import type { AttemptRepository, DirtyHour, WebhookHealthRepository, WebhookHourRepository } from '#libs/store';

/**
 * Counts what happened, from the attempts themselves. Several may count the same hour, and in any order: a count of more attempts wins,
 * and views of a webhook's health are joined.
 */
export class WebhookSummary {
  private readonly attempts: AttemptRepository;
  private readonly hours: WebhookHourRepository;
  private readonly health: WebhookHealthRepository;

  constructor(given: { attempts: AttemptRepository; hours: WebhookHourRepository; health: WebhookHealthRepository }) {
    this.attempts = given.attempts;
    this.hours = given.hours;
    this.health = given.health;
  }

  /**
   * The hour is read first and written last: whoever reads it finds a health that knows of the same attempts at least.
   *
   * @throws UnavailableError; nothing is harmed by doing it again
   */
  async count({ webhookId, hour }: DirtyHour): Promise<void> {
    const counted = await this.attempts.countHour(webhookId, hour);
    await this.health.merge(webhookId, await this.viewOf(webhookId));
    await this.hours.put(counted);
  }

  /**
   * What was known before only spares looking further back. The last success is read before the failures after it: whatever is written
   * in between has a mark of its own.
   */
  private async viewOf(webhookId: string): Promise<WebhookHealth> {
    const known = await this.health.find(webhookId);
    const { attempts } = this;
    const success = await attempts.newestAt(webhookId, 'delivered', known.lastSuccessAt ?? 0);
    const lastSuccessAt = success ?? known.lastSuccessAt;
    const failingSince = await attempts.oldestAt(
      webhookId,
      'failed',
      lastSuccessAt === undefined ? 0 : lastSuccessAt + 1,
    );
    const lastFailureAt = await attempts.newestAt(webhookId, 'failed', known.lastFailureAt ?? 0);
    return { lastSuccessAt, lastFailureAt, failingSince };
  }
}
