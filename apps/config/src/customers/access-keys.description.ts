import { EXAMPLE_CUSTOMER } from '../openapi/example-ids.ts';
import { readPageParameters } from '../http/paging.ts';
import { shownPage } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { EXAMPLE_KEY_ID, shownAccessKey, shownNewAccessKey } from './access-key-view.ts';

import { newAccessKeySchema } from './new-access-key.ts';

const CUSTOMER_ID = { description: "The customer's id.", example: EXAMPLE_CUSTOMER };

export const createAccessKey: Description = {
  operationId: 'createAccessKey',
  tag: 'customers',
  summary: 'Create an access key',
  description: 'The token is in this answer only; nothing but a hash of it is stored.',
  path: { customerId: CUSTOMER_ID },
  body: { name: 'AccessKeyRequest', schema: () => newAccessKeySchema(() => 0) },
  answer: { description: 'The key, with its token.', schema: shownNewAccessKey },
};

export const listAccessKeys: Description = {
  operationId: 'listAccessKeys',
  tag: 'customers',
  summary: "List a customer's access keys",
  description: 'Those that were not revoked.',
  path: { customerId: CUSTOMER_ID },
  query: readPageParameters,
  answer: { description: 'A page of access keys.', schema: shownPage(shownAccessKey) },
};

export const revokeAccessKey: Description = {
  operationId: 'revokeAccessKey',
  tag: 'customers',
  summary: 'Revoke an access key',
  description: 'It opens nothing from the answer on.',
  path: { customerId: CUSTOMER_ID, keyId: { description: "The key's id.", example: EXAMPLE_KEY_ID } },
  answer: { description: 'It is gone.' },
};
