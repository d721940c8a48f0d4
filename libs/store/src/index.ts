export * from './access-key-repository.ts';
export * from './customer-repository.ts';
export { Store } from './store.ts';
export type { StoredWebhook } from './webhook-document.ts';
export { type PendingControl, WebhookRepository } from './webhook-repository.ts';
