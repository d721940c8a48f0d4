import type { Type } from '@nestjs/common';

import { AttemptsController } from './attempts/attempts.controller.ts';
import { AuditController } from './audit/audit.controller.ts';
import { AccessKeysController } from './customers/access-keys.controller.ts';
import { CustomersController } from './customers/customers.controller.ts';
import { DeadLettersController } from './dead-letters/dead-letters.controller.ts';
import { RedeliveryController } from './dead-letters/redelivery.controller.ts';
import { EventTypesController } from './event-types/event-types.controller.ts';
import { EventDeliveriesController } from './events/event-deliveries.controller.ts';
import { EventsController } from './events/events.controller.ts';
import { RedriveController } from './rejected-events/redrive.controller.ts';
import { RejectedEventsController } from './rejected-events/rejected-events.controller.ts';
import { ReplaysController } from './replays/replays.controller.ts';
import { WebhookReplaysController } from './replays/webhook-replays.controller.ts';
import { StatsController } from './stats/stats.controller.ts';
import { SecretsController } from './webhooks/secrets/secrets.controller.ts';
import { TestController } from './webhooks/test/test.controller.ts';
import { WebhooksController } from './webhooks/webhooks.controller.ts';
import { OpenApiController } from './openapi/openapi.controller.ts';

/** Every call of the admin REST, besides the probes that all apps have. */
export const CONTROLLERS: readonly Type[] = [
  CustomersController,
  AccessKeysController,
  WebhooksController,
  TestController,
  SecretsController,
  AttemptsController,
  DeadLettersController,
  RedeliveryController,
  WebhookReplaysController,
  ReplaysController,
  StatsController,
  EventTypesController,
  EventsController,
  EventDeliveriesController,
  RejectedEventsController,
  RedriveController,
  AuditController,
  OpenApiController,
];
