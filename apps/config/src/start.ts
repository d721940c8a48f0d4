import { getRandomValues } from 'node:crypto';
import { join } from 'node:path';

import { ConfigurationError, systemClock, TimeOrderedIds } from '#libs/domain';
import { dispatcherFor, endpointCheckFor } from '#libs/dispatch';
import { EventCodec, EventEncoder, loadCatalogue, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';
import { AdminConnection, ControlAnnouncer, createKafka, PartitionLog, RecordProducer, topicPlan } from '#libs/kafka';
import {
  type AppStart,
  createMetrics,
  kafkaAccess,
  NestLogger,
  packageRoot,
  type RunningApp,
  SecretBox,
} from '#libs/runtime';
import {
  AccessKeyRepository,
  AttemptRepository,
  AuditRepository,
  CustomerRepository,
  DeadLetterRepository,
  IdempotencyRepository,
  RejectedEventRepository,
  ReplayRepository,
  SealedValuesRepository,
  Store,
  WebhookChangeRepository,
  WebhookHealthRepository,
  WebhookHourRepository,
  WebhookRepository,
} from '#libs/store';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { dependencyChecks } from './dependency-checks.ts';
import { ConfigModule } from './config.module.ts';
import { AuditLog } from './audit/audit-log.ts';
import { ControlSweeper } from './control/control-sweeper.ts';
import { finishRequests } from './http/finish-requests.ts';
import { requestId } from './http/request-id.ts';
import { requestLog } from './http/request-log.ts';
import { requestMetrics } from './http/request-metrics.ts';
import { securityHeaders } from './http/security-headers.ts';
import { answerParserErrors } from './http/server/parser-errors.ts';
import { PatientAdapter } from './http/server/slow-requests.ts';
import { indexedBy } from './preparation/indexed.ts';
import { Preparation } from './preparation/preparation.ts';
import { preparationSteps } from './preparation/preparation-steps.ts';
import { Resealing } from './webhooks/secrets/resealing.ts';

const REQUEST_TIMES = { headersMs: 10_000, requestMs: 30_000 };

/** Puts the config app together and starts it. It answers from the first moment; the readiness probe says what is still missing. */
export async function startConfig({ environment, logger, crash }: AppStart): Promise<RunningApp> {
  const operatorKey = environment.OPERATOR_KEY;
  if (operatorKey === undefined) {
    throw new ConfigurationError('OPERATOR_KEY is not set; choose a secret of at least 16 characters');
  }
  const clock = systemClock;
  const plan = topicPlan(environment);
  const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));
  const registry = registryAddress(environment.SCHEMA_REGISTRY_URL);
  const encoder = new EventEncoder(catalogue, registry);
  const kafka = createKafka({ ...kafkaAccess(environment), clientId: 'webhook-config', logger });
  const producer = new RecordProducer({ kafka, logger });
  const admin = new AdminConnection(kafka);

  const store = new Store({ uri: environment.MONGODB_URI });
  const webhooks = new WebhookRepository(store, clock);
  const accessKeys = new AccessKeyRepository(store);
  const keep = { keepMs: environment.ATTEMPT_KEEP };
  const replays = new ReplayRepository(store, clock, keep);
  const announcer = new ControlAnnouncer({ topic: plan.events.name, admin, producer, marks: webhooks, logger });
  const sweeper = new ControlSweeper({ webhooks, announcer, logger });
  const audit = new AuditRepository(store, { keepMs: environment.AUDIT_KEEP });
  const ids = new TimeOrderedIds(clock, (bytes) => void getRandomValues(bytes));
  const idempotency = new IdempotencyRepository(store, clock);
  const secretBox = new SecretBox(environment.SECRETS_KEY);
  const metrics = createMetrics('config');
  const resealing = new Resealing({
    repository: new SealedValuesRepository(store),
    box: secretBox,
    clock,
    logger,
    metrics,
  });

  const steps = preparationSteps({
    kafka,
    plan,
    catalogue,
    registry,
    encoder,
    indexed: indexedBy(store, clock, environment),
    logger,
  });
  const preparation = new Preparation([...steps, { name: 'producer', run: () => producer.connect() }], logger);
  const dispatcher = dispatcherFor(environment, clock);
  const module = ConfigModule.for({
    clock,
    logger,
    operatorKey,
    allowHttp: environment.ALLOW_HTTP_ENDPOINTS,
    endpointCheck: endpointCheckFor(environment, clock),
    dispatcher,
    maxWebhooks: environment.MAX_WEBHOOKS,
    keyRate: { perSecond: environment.API_RATE, burst: environment.API_BURST },
    plan,
    catalogue,
    encoder,
    codec: new EventCodec(new RegistryWriterSchemas(registry), clock),
    producer,
    secretBox,
    audit,
    auditLog: new AuditLog({ repository: audit, clock, newId: () => ids.next(), logger }),
    idempotency,
    webhooks,
    changes: new WebhookChangeRepository(store, clock),
    customers: new CustomerRepository(store),
    accessKeys,
    announcer,
    attempts: new AttemptRepository(store, keep),
    deadLetters: new DeadLetterRepository(store),
    rejectedEvents: new RejectedEventRepository(store),
    replays,
    eventLog: new PartitionLog(admin, plan.events.name),
    health: new WebhookHealthRepository(store),
    hours: new WebhookHourRepository(store, keep),
    checks: [...dependencyChecks(store, admin, plan), ...preparation.checks()],
    metrics,
  });
  const app = await NestFactory.create<NestExpressApplication>(module, new PatientAdapter(REQUEST_TIMES), {
    bodyParser: false,
    logger: new NestLogger(logger),
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(
    requestId,
    requestLog(logger, () => performance.now()),
    requestMetrics(metrics, () => performance.now()),
    securityHeaders,
  );
  answerParserErrors(app.getHttpServer(), logger);
  await app.listen(environment.HTTP_PORT);
  preparation.start((error) => crash('cannot prepare Kafka, the schema registry or MongoDB', error));
  sweeper.start();
  resealing.start();
  logger.info({ http_port: Number(new URL(await app.getUrl()).port) }, 'admin REST is listening');

  return {
    close: async () => {
      preparation.stop();
      await Promise.all([sweeper.stop(), resealing.stop()]);
      await finishRequests(app, environment.DRAIN_LIMIT_MS);
      await Promise.all([producer.close(), admin.close(), store.close(), dispatcher.close()]);
    },
  };
}
