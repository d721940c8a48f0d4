import { assertNever, type WebhookStatus } from '#libs/domain';

import type { StoredWebhook } from './webhook-document.ts';

/** What its customer decides about a webhook, besides its status. */
type Settings = Pick<
  StoredWebhook,
  | 'url'
  | 'eventTypes'
  | 'name'
  | 'description'
  | 'success'
  | 'signatures'
  | 'method'
  | 'headers'
  | 'rateLimit'
  | 'filter'
>;

/** Null clears what a webhook need not have. */
type Given<T> = undefined extends T ? T | null : T | undefined;

/** What is to change about a webhook; what is absent, or undefined, stays. */
export type WebhookChange = { readonly [K in keyof Settings]?: Given<Settings[K]> } & {
  readonly status?: WebhookStatus | undefined;
};

/** The webhook after a change. A new URL, like a new start, is not held to what failed before. */
export function withChange(webhook: StoredWebhook, change: WebhookChange, now: number): StoredWebhook {
  const { status = webhook.status, ...settings } = change;
  const changed = { ...webhook, ...given(settings) };
  const elsewhere = changed.url !== webhook.url ? { enabledAt: now } : {};
  return { ...changed, ...elsewhere, ...(status === webhook.status ? {} : turned(status, now)) };
}

function turned(status: WebhookStatus, now: number): Partial<StoredWebhook> {
  switch (status) {
    case 'active':
      return { status, enabledAt: now, disabledReason: undefined, disabledAt: undefined };
    case 'paused':
      return { status, disabledReason: undefined, disabledAt: undefined };
    case 'disabled':
      return { status, disabledReason: 'requested', disabledAt: now };
    default:
      return assertNever(status);
  }
}

/** What was given, with undefined for what null clears. */
function given(settings: Omit<WebhookChange, 'status'>): Partial<Settings> {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? undefined]));
}
