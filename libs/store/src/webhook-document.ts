import { randomUUID } from 'node:crypto';

import type {
  Clock,
  DeliveryMethod,
  DisabledReason,
  OwnHeader,
  SealedSecret,
  SignatureScheme,
  SuccessRule,
  Webhook,
  WebhookStatus,
} from '#libs/domain';
import type { Filter } from 'mongodb';

import { filterOf, filterText } from './webhook-filter.ts';
import type { NoticeDocument } from './webhook-notice-document.ts';

/** A webhook with the times of what happened to it, in milliseconds since the epoch. */
export interface StoredWebhook extends Webhook {
  /** Counts its changes; 0 for one that was never changed since they are counted. */
  readonly revision: number;
  /** What its customer calls it, and notes about it. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** While it is disabled. */
  readonly disabledReason?: DisabledReason | undefined;
  readonly disabledAt?: number | undefined;
  /** When it was last enabled again, or sent elsewhere: what failed before counts no more. */
  readonly enabledAt?: number | undefined;
  /** When its customer was last told that it is failing, by the time of the attempts. */
  readonly warnedAt?: number | undefined;
}

/** Says that the owners of the event topic's partitions have yet to be told of a change. */
export interface ControlMark {
  readonly token: string;
  readonly since: Date;
}

interface SecretDocument {
  readonly sealed: string;
  readonly expires_at?: Date;
}

/** A webhook as MongoDB holds it. A tombstone (`deleted_at`) stays until everybody was told. */
export interface WebhookDocument {
  readonly _id: string;
  readonly customer_id: string;
  readonly revision?: number;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly url: string;
  readonly event_types: readonly string[];
  readonly status: WebhookStatus;
  readonly success: SuccessRule;
  readonly signatures: readonly SignatureScheme[];
  readonly method?: DeliveryMethod | undefined;
  readonly headers?: readonly OwnHeader[] | undefined;
  readonly rate_limit?: number | undefined;
  /** JSON: what a newer version wrote comes through unread. */
  readonly filter?: string | undefined;
  readonly secrets: readonly SecretDocument[];
  /** Counts how many times secrets and header values were sealed anew, which makes no revision. Absent until the first time. */
  readonly sealing?: number | undefined;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly disabled_reason?: DisabledReason | undefined;
  readonly disabled_at?: Date | undefined;
  readonly enabled_at?: Date | undefined;
  readonly warned_at?: Date | undefined;
  readonly deleted_at?: Date;
  readonly control_pending?: ControlMark;
  /** Events about it that have yet to be sent, the oldest first. */
  readonly notices?: readonly NoticeDocument[];
}

export function newMark(clock: Clock): ControlMark {
  return { token: randomUUID(), since: new Date(clock.now()) };
}

export function toDocument(webhook: StoredWebhook, mark: ControlMark): WebhookDocument {
  return {
    _id: webhook.id,
    customer_id: webhook.customerId,
    revision: webhook.revision,
    name: webhook.name,
    description: webhook.description,
    url: webhook.url,
    event_types: webhook.eventTypes,
    status: webhook.status,
    success: webhook.success,
    signatures: webhook.signatures,
    method: webhook.method,
    headers: webhook.headers,
    rate_limit: webhook.rateLimit,
    filter: filterText(webhook.filter),
    secrets: webhook.secrets.map(toSecretDocument),
    created_at: new Date(webhook.createdAt),
    updated_at: new Date(webhook.updatedAt),
    disabled_reason: webhook.disabledReason,
    disabled_at: dateOf(webhook.disabledAt),
    enabled_at: dateOf(webhook.enabledAt),
    warned_at: dateOf(webhook.warnedAt),
    control_pending: mark,
  };
}

export function fromDocument(document: WebhookDocument): StoredWebhook {
  return {
    id: document._id,
    customerId: document.customer_id,
    revision: document.revision ?? 0,
    name: document.name,
    description: document.description,
    url: document.url,
    eventTypes: document.event_types,
    status: document.status,
    success: document.success,
    signatures: document.signatures,
    method: document.method,
    headers: document.headers,
    rateLimit: document.rate_limit,
    filter: filterOf(document.filter),
    secrets: document.secrets.map(fromSecretDocument),
    createdAt: document.created_at.getTime(),
    updatedAt: document.updated_at.getTime(),
    disabledReason: document.disabled_reason,
    disabledAt: document.disabled_at?.getTime(),
    enabledAt: document.enabled_at?.getTime(),
    warnedAt: document.warned_at?.getTime(),
  };
}

export function toSecretDocument({ sealed, expiresAt }: SealedSecret): SecretDocument {
  return expiresAt === undefined ? { sealed } : { sealed, expires_at: new Date(expiresAt) };
}

export function fromSecretDocument({ sealed, expires_at }: SecretDocument): SealedSecret {
  return expires_at === undefined ? { sealed } : { sealed, expiresAt: expires_at.getTime() };
}

/** A webhook that was not deleted; of one customer where `customerId` is given. */
export function living(id: string, customerId: string | undefined): Filter<WebhookDocument> {
  return { ...inScope(id, customerId), deleted_at: { $exists: false } };
}

/** A webhook or its tombstone; of one customer where `customerId` is given. */
export function inScope(id: string, customerId: string | undefined): Filter<WebhookDocument> {
  return { _id: id, ...(customerId === undefined ? {} : { customer_id: customerId }) };
}

/** A webhook with this revision. A document from before they were counted has none. */
export function atRevision(revision: number): Filter<WebhookDocument> {
  return { revision: revision === 0 ? { $exists: false } : revision };
}

/** A webhook whose values were sealed anew so many times. */
export function atSealing(sealing: number): Filter<WebhookDocument> {
  return { sealing: sealing === 0 ? { $exists: false } : sealing };
}

function dateOf(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}
