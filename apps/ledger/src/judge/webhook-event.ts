import type { WebhookNotice } from '#libs/domain';
import type { StoredWebhook } from '#libs/store';

/** The resource type of events about webhooks. */
export const WEBHOOK_RESOURCE = 'webhook';

/** A notice as an event, in JSON: the webhook as it was when the notice was decided. */
export function webhookEvent(webhook: StoredWebhook, notice: WebhookNotice): Readonly<Record<string, unknown>> {
  const disabled = notice.type === 'webhook_disabled';
  return {
    id: notice.id,
    type: notice.type,
    resource_type: WEBHOOK_RESOURCE,
    customer_id: webhook.customerId,
    tm_create: timeText(notice.at),
    data: {
      id: webhook.id,
      customer_id: webhook.customerId,
      url: webhook.url,
      event_types: webhook.eventTypes,
      status: disabled ? 'disabled' : 'active',
      disabled_reason: notice.reason ?? null,
      disabled_at: disabled ? timeText(notice.at) : null,
      failing_since: timeText(notice.failingSince),
      attempts: notice.attempts,
      last_failure_at: timeText(notice.lastFailureAt),
      last_status: notice.lastStatus ?? null,
      last_error: notice.lastError ?? '',
      disables_at: notice.disablesAt === undefined ? null : timeText(notice.disablesAt),
      tm_create: timeText(webhook.createdAt),
      tm_update: timeText(disabled ? notice.at : webhook.updatedAt),
    },
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
