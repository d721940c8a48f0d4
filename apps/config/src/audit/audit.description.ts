import { z } from 'zod';

import { EXAMPLE_CUSTOMER } from '../openapi/example-ids.ts';
import { customerId } from '../customers/customer-id.ts';
import { pageParameters } from '../http/paging.ts';
import { shownPage } from '../http/shown.ts';
import type { Description } from '../openapi/describes.ts';
import { shownAuditEntry } from './audit-view.ts';

/** The parameters of `GET /audit`. */
export const auditQuery = z.strictObject({
  ...pageParameters(() => true),
  customer_id: customerId
    .optional()
    .meta({ description: "Only changes of this customer's things.", examples: [EXAMPLE_CUSTOMER] }),
});

export const listAudit: Description = {
  operationId: 'listAudit',
  tag: 'audit',
  summary: 'List changes',
  description: 'Who has changed what, the newest first. Kept for a year, unless the operator chose otherwise.',
  query: auditQuery,
  answer: { description: 'A page of changes.', schema: shownPage(shownAuditEntry) },
};
