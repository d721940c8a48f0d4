import type { Description } from '../../openapi/describes.ts';
import { WEBHOOK_ID } from '../webhook-id.ts';
import { newTestSchema } from './new-test.ts';
import { shownTest } from './test-view.ts';

export const testWebhook: Description = {
  operationId: 'testWebhook',
  tag: 'webhooks',
  summary: 'Send a sample event',
  description: `Sends one realistic event of the chosen type to the webhook's endpoint now, whatever its status, and answers with what
came of it: up to 5 seconds later. The request is signed like every other; its body has \`"test":true\`, and its header
\`webhook-test: true\`. Nothing is recorded or tried again.`,
  path: { id: WEBHOOK_ID },
  body: { name: 'NewTest', schema: ({ catalogue }) => newTestSchema(catalogue) },
  answer: { description: 'The attempt in full.', schema: shownTest },
  reasons: ['TOO_MANY_TESTS', 'BUSY', 'REGISTRY_UNAVAILABLE'],
};
