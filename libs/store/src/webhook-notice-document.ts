import type { WebhookNotice } from '#libs/domain';

/** An event about a webhook that has yet to be sent, as it lies in the webhook's document. */
export interface NoticeDocument {
  readonly id: string;
  readonly type: WebhookNotice['type'];
  readonly at: Date;
  readonly reason?: WebhookNotice['reason'];
  readonly failing_since: Date;
  readonly attempts: number;
  readonly last_failure_at: Date;
  readonly last_status?: number | undefined;
  readonly last_error?: string | undefined;
  readonly disables_at?: Date | undefined;
}

export function toNoticeDocument(notice: WebhookNotice): NoticeDocument {
  return {
    id: notice.id,
    type: notice.type,
    at: new Date(notice.at),
    reason: notice.reason,
    failing_since: new Date(notice.failingSince),
    attempts: notice.attempts,
    last_failure_at: new Date(notice.lastFailureAt),
    last_status: notice.lastStatus,
    last_error: notice.lastError,
    disables_at: notice.disablesAt === undefined ? undefined : new Date(notice.disablesAt),
  };
}

export function fromNoticeDocument(document: NoticeDocument): WebhookNotice {
  return {
    id: document.id,
    type: document.type,
    at: document.at.getTime(),
    reason: document.reason,
    failingSince: document.failing_since.getTime(),
    attempts: document.attempts,
    lastFailureAt: document.last_failure_at.getTime(),
    lastStatus: document.last_status,
    lastError: document.last_error,
    disablesAt: document.disables_at?.getTime(),
  };
}
