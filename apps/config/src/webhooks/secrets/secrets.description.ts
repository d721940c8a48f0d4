import type { Description } from '../../openapi/describes.ts';
import { WEBHOOK_ID } from '../webhook-id.ts';
import { rotationSchema } from './rotation.ts';
import { shownSecret } from './secret-view.ts';

export const getSecret: Description = {
  operationId: 'getSecret',
  tag: 'webhooks',
  summary: 'Read the signing secret',
  description: 'Whoever knows it can forge events, so that a key that may only read does not get it.',
  path: { id: WEBHOOK_ID },
  answer: { description: 'The secret.', schema: shownSecret },
  revisions: 'shown',
  reasons: ['SECRET_UNREADABLE'],
};

export const rotateSecret: Description = {
  operationId: 'rotateSecret',
  tag: 'webhooks',
  summary: 'Replace the signing secret',
  description: `Gives the webhook another secret. For 24 hours requests are signed by the one before, too, so that your endpoint can
change over in its own time.`,
  path: { id: WEBHOOK_ID },
  body: { name: 'Rotation', schema: () => rotationSchema, optional: true },
  answer: { description: 'The new secret.', schema: shownSecret },
  revisions: 'expected',
  reasons: ['TOO_MANY_SECRETS'],
};
