import { assertNever } from '#libs/domain';
import type { ChangeOutcome, StoredWebhook } from '#libs/store';

import { notFound } from '../http/api-error.ts';
import { outdated } from '../http/entity-tag.ts';

/** The webhook as a change has left it. @throws ApiError 404 or 412 when there was none */
export function changedWebhook(outcome: ChangeOutcome): StoredWebhook {
  switch (outcome.kind) {
    case 'changed':
      return outcome.webhook;
    case 'missing':
      throw notFound('The webhook');
    case 'outdated':
      throw outdated('The webhook');
    default:
      return assertNever(outcome);
  }
}
