import type { SignatureScheme, SuccessRule, Webhook, WebhookStatus } from '#libs/domain';

/** A webhook with the times of its making and its last change, in milliseconds since the epoch. */
export interface StoredWebhook extends Webhook {
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Says that the owners of the event topic's partitions have yet to be told of a change. */
export interface ControlMark {
  readonly token: string;
  readonly since: Date;
}

/** A webhook as MongoDB holds it. A tombstone (`deleted_at`) stays until everybody was told. */
export interface WebhookDocument {
  readonly _id: string;
  readonly customer_id: string;
  readonly url: string;
  readonly event_types: readonly string[];
  readonly status: WebhookStatus;
  readonly success: SuccessRule;
  readonly signatures: readonly SignatureScheme[];
  readonly secrets: ReadonlyArray<{ readonly sealed: string; readonly expires_at?: Date }>;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at?: Date;
  readonly control_pending?: ControlMark;
}

export function toDocument(webhook: StoredWebhook, mark: ControlMark): WebhookDocument {
  return {
    _id: webhook.id,
    customer_id: webhook.customerId,
    url: webhook.url,
    event_types: webhook.eventTypes,
    status: webhook.status,
    success: webhook.success,
    signatures: webhook.signatures,
    secrets: webhook.secrets.map(({ sealed, expiresAt }) =>
      expiresAt === undefined ? { sealed } : { sealed, expires_at: new Date(expiresAt) },
    ),
    created_at: new Date(webhook.createdAt),
    updated_at: new Date(webhook.updatedAt),
    control_pending: mark,
  };
}

export function fromDocument(document: WebhookDocument): StoredWebhook {
  return {
    id: document._id,
    customerId: document.customer_id,
    url: document.url,
    eventTypes: document.event_types,
    status: document.status,
    success: document.success,
    signatures: document.signatures,
    secrets: document.secrets.map(({ sealed, expires_at }) =>
      expires_at === undefined ? { sealed } : { sealed, expiresAt: expires_at.getTime() },
    ),
    createdAt: document.created_at.getTime(),
    updatedAt: document.updated_at.getTime(),
  };
}
