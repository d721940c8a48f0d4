import type { Clock } from '#libs/domain';
import { Dispatcher, EndpointCheck } from '#libs/dispatch';
import { Catalogue, EventCodec, EventEncoder } from '#libs/event-schemas';
import { ControlAnnouncer, PartitionLog, RecordProducer, type TopicPlan } from '#libs/kafka';
import { HealthModule, type Logger, type MetricsRegistry, type ReadinessCheck, SecretBox } from '#libs/runtime';
import {
  AccessKeyRepository,
  AttemptRepository,
  AuditRepository,
  CustomerRepository,
  DeadLetterRepository,
  IdempotencyRepository,
  RejectedEventRepository,
  ReplayRepository,
  WebhookChangeRepository,
  WebhookHealthRepository,
  WebhookHourRepository,
  WebhookRepository,
} from '#libs/store';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';

import { apiDescription } from './api-description.ts';
import { OPERATOR_KEY } from './access/access.guard.ts';
import { KeyUse } from './access/key-use.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { RegisteredEncoder } from './events/registered-encoder.ts';
import { CONTROLLERS } from './controllers.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { Once } from './idempotency/once.ts';
import { FailedAccess } from './limits/failed-access.ts';
import { type KeyRate, KeyRates } from './limits/key-rates.ts';
import { DOCS_PAGE, OPEN_API_JSON } from './openapi/openapi.controller.ts';
import { docsPage } from './openapi/page/docs-page.ts';
import { LogReach } from './replays/log-reach.ts';
import { ReplaysService } from './replays/replays.service.ts';
import { ALLOW_HTTP, CLOCK, MAX_WEBHOOKS, TOPIC_PLAN } from './tokens.ts';
import { Endpoints } from './webhooks/endpoints.ts';
import { OwnHeaders } from './webhooks/headers/own-headers.ts';
import { OwnedWebhooks } from './webhooks/owned-webhooks.ts';
import { SecretsService } from './webhooks/secrets/secrets.service.ts';
import { TestEvents } from './webhooks/test/test-event.ts';
import { TestsUnderWay } from './webhooks/test/under-way.ts';
import { WebhooksService } from './webhooks/webhooks.service.ts';

/** What the admin REST is built on. */
export interface ConfigParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly operatorKey: string;
  readonly allowHttp: boolean;
  readonly endpointCheck: EndpointCheck;
  readonly dispatcher: Dispatcher;
  /** How many webhooks a customer may have. */
  readonly maxWebhooks: number;
  /** How many requests an access key may make. */
  readonly keyRate: KeyRate;
  readonly plan: TopicPlan;
  readonly catalogue: Catalogue;
  readonly encoder: EventEncoder;
  readonly codec: EventCodec;
  readonly producer: RecordProducer;
  readonly secretBox: SecretBox;
  readonly audit: AuditRepository;
  readonly auditLog: AuditLog;
  readonly idempotency: IdempotencyRepository;
  readonly webhooks: WebhookRepository;
  readonly changes: WebhookChangeRepository;
  readonly customers: CustomerRepository;
  readonly accessKeys: AccessKeyRepository;
  readonly announcer: ControlAnnouncer;
  readonly attempts: AttemptRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly rejectedEvents: RejectedEventRepository;
  readonly replays: ReplayRepository;
  readonly eventLog: PartitionLog;
  readonly health: WebhookHealthRepository;
  readonly hours: WebhookHourRepository;
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: MetricsRegistry;
}

/** The config app: the admin REST. */
@Module({})
export class ConfigModule {
  static for(parts: ConfigParts): DynamicModule {
    const description = apiDescription(parts);
    return {
      module: ConfigModule,
      imports: [HealthModule.for({ checks: parts.checks, metrics: parts.metrics })],
      controllers: [...CONTROLLERS],
      providers: [
        WebhooksService,
        SecretsService,
        OwnedWebhooks,
        OwnHeaders,
        RegisteredEncoder,
        TestEvents,
        TestsUnderWay,
        Endpoints,
        ReplaysService,
        LogReach,
        { provide: APP_FILTER, useValue: new ErrorFilter(parts.logger) },
        {
          provide: APP_INTERCEPTOR,
          useValue: new Once({ repository: parts.idempotency, box: parts.secretBox, logger: parts.logger }),
        },
        { provide: APP_INTERCEPTOR, useValue: parts.auditLog },
        { provide: AuditRepository, useValue: parts.audit },
        { provide: OPEN_API_JSON, useValue: JSON.stringify(description) },
        { provide: DOCS_PAGE, useValue: docsPage(description) },
        { provide: CLOCK, useValue: parts.clock },
        { provide: TOPIC_PLAN, useValue: parts.plan },
        { provide: ALLOW_HTTP, useValue: parts.allowHttp },
        { provide: MAX_WEBHOOKS, useValue: parts.maxWebhooks },
        { provide: Dispatcher, useValue: parts.dispatcher },
        { provide: EndpointCheck, useValue: parts.endpointCheck },
        { provide: OPERATOR_KEY, useValue: parts.operatorKey },
        {
          provide: KeyUse,
          useValue: new KeyUse({ keys: parts.accessKeys, clock: parts.clock, logger: parts.logger }),
        },
        { provide: KeyRates, useValue: new KeyRates(parts.keyRate) },
        { provide: FailedAccess, useValue: new FailedAccess({ metrics: parts.metrics }) },
        { provide: Catalogue, useValue: parts.catalogue },
        { provide: EventEncoder, useValue: parts.encoder },
        { provide: EventCodec, useValue: parts.codec },
        { provide: RecordProducer, useValue: parts.producer },
        { provide: SecretBox, useValue: parts.secretBox },
        { provide: WebhookRepository, useValue: parts.webhooks },
        { provide: WebhookChangeRepository, useValue: parts.changes },
        { provide: CustomerRepository, useValue: parts.customers },
        { provide: AccessKeyRepository, useValue: parts.accessKeys },
        { provide: ControlAnnouncer, useValue: parts.announcer },
        { provide: AttemptRepository, useValue: parts.attempts },
        { provide: DeadLetterRepository, useValue: parts.deadLetters },
        { provide: RejectedEventRepository, useValue: parts.rejectedEvents },
        { provide: ReplayRepository, useValue: parts.replays },
        { provide: PartitionLog, useValue: parts.eventLog },
        { provide: WebhookHealthRepository, useValue: parts.health },
        { provide: WebhookHourRepository, useValue: parts.hours },
      ],
    };
  }
}
