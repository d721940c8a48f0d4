import { readPageParameters } from '../http/paging.ts';
import { shownPage } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { newWebhookSchema, webhookChangeSchema, webhookFields } from './fields/webhook-fields.ts';
import { WEBHOOK_ID } from './webhook-id.ts';
import { shownNewWebhook, shownWebhook } from './webhook-view.ts';

export const createWebhook: Description = {
  operationId: 'createWebhook',
  tag: 'webhooks',
  summary: 'Create a webhook',
  description: `Every event of the customer that is produced after the answer, and that \`event_types\` asks for, is sent to \`url\`.

The answer has the signing secret: keep it where your endpoint finds it. With the operator key, \`customer_id\` says
whose webhook it is.`,
  body: { name: 'NewWebhook', schema: (rules) => newWebhookSchema(webhookFields(rules.catalogue, rules.allowHttp)) },
  answer: { description: 'The webhook, with its secret.', schema: shownNewWebhook },
  revisions: 'shown',
  reasons: ['TOO_MANY_WEBHOOKS'],
};

export const listWebhooks: Description = {
  operationId: 'listWebhooks',
  tag: 'webhooks',
  summary: 'List webhooks',
  description: "The customer's webhooks, disabled ones among them; with the operator key, those of all customers.",
  query: readPageParameters,
  answer: { description: 'A page of webhooks.', schema: shownPage(shownWebhook) },
};

export const getWebhook: Description = {
  operationId: 'getWebhook',
  tag: 'webhooks',
  summary: 'Read a webhook',
  description: 'Everything about it but its secret.',
  path: { id: WEBHOOK_ID },
  answer: { description: 'The webhook.', schema: shownWebhook },
  revisions: 'shown',
};

export const updateWebhook: Description = {
  operationId: 'updateWebhook',
  tag: 'webhooks',
  summary: 'Change a webhook',
  description: `Changes the fields that the body names; events that are produced after the answer follow the change.

\`{"status":"active"}\` enables a webhook that was disabled, and what was before counts no more. What a paused webhook
missed is on record as skipped; a replay sends it. Without \`If-Match\` the last
change wins. After a 503 the change may have been made or not: make the same call again; a 412 may then come from your own change.`,
  path: { id: WEBHOOK_ID },
  body: {
    name: 'WebhookChange',
    schema: (rules) => webhookChangeSchema(webhookFields(rules.catalogue, rules.allowHttp)),
  },
  answer: { description: 'The webhook as it is now.', schema: shownWebhook },
  revisions: 'expected',
  reasons: ['NO_CHANGE'],
};

export const deleteWebhook: Description = {
  operationId: 'deleteWebhook',
  tag: 'webhooks',
  summary: 'Delete a webhook',
  description:
    'Nothing that is produced after the answer is sent to it, and what waited for another attempt is dropped. After a 503 it may be gone already: made again, the call then answers 404.',
  path: { id: WEBHOOK_ID },
  answer: { description: 'It is gone.' },
};
