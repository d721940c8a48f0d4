import { Reflector } from '@nestjs/core';

/** What a call changes; stable, since people search for it. */
export type AuditAction =
  | 'access_key.create'
  | 'access_key.revoke'
  | 'customer.create'
  | 'dead_letter.redeliver'
  | 'event.produce'
  | 'rejected_event.redrive'
  | 'replay.cancel'
  | 'replay.create'
  | 'webhook.create'
  | 'webhook.delete'
  | 'webhook.rotate_secret'
  | 'webhook.test'
  | 'webhook.update';

/** Says what a call changes: it is noted in the audit log. */
export const Changes = Reflector.createDecorator<AuditAction>();
