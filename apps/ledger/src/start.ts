import { join } from 'node:path';

import { systemClock } from '#libs/domain';
import {
  AttemptRecordCodec,
  EventCodec,
  EventEncoder,
  loadCatalogue,
  readInternalSchema,
  registryAddress,
  RegistryWriterSchemas,
} from '#libs/event-schemas';
import {
  AdminConnection,
  ControlAnnouncer,
  createKafka,
  ensureTopics,
  OrderedKafkaServer,
  RecordProducer,
  topicPlan,
} from '#libs/kafka';
import { type AppStart, createMetrics, kafkaAccess, NestLogger, packageRoot, type RunningApp } from '#libs/runtime';
import {
  AttemptRepository,
  DeadLetterRepository,
  DirtyHourRepository,
  RejectedEventRepository,
  Store,
  WebhookHealthRepository,
  WebhookHourRepository,
  WebhookRepository,
  WebhookStatusRepository,
} from '#libs/store';
import { NestFactory } from '@nestjs/core';

import { NoticeSender } from './judge/notice-sender.ts';
import { NoticeSweeper } from './judge/notice-sweeper.ts';
import { WebhookJudge } from './judge/webhook-judge.ts';
import { LedgerModule } from './ledger.module.ts';
import { PreparedIndexes } from './prepared-indexes.ts';
import { AttemptProjection } from './project/attempt-projection.ts';
import { Bulk } from './project/bulk.ts';
import { BulkMetrics } from './project/bulk-metrics.ts';
import { LEDGER } from './receive/ledger.controller.ts';
import { LedgerReceiver } from './receive/ledger-receiver.ts';
import { Summariser } from './summarise/summariser.ts';
import { WebhookSummary } from './summarise/webhook-summary.ts';

const DEFAULT_HEALTH_PORT = 8083;
/** A bulk of this size takes well below the time that the driver waits for an answer, also on a slow server. */
const ATTEMPTS_PER_BULK = 500;
/** These carry the bytes of an event each. */
const KEPT_PER_BULK = 20;

/** Puts the ledger app together and starts it. @throws UnavailableError when Kafka does not answer. */
export async function startLedger({ environment, logger, crash }: AppStart): Promise<RunningApp> {
  const clock = systemClock;
  const metrics = createMetrics('ledger');
  const plan = topicPlan(environment);
  const kafka = createKafka({ ...kafkaAccess(environment), clientId: 'webhook-ledger', logger });
  await ensureTopics(kafka, plan, logger);

  const keep = { keepMs: environment.ATTEMPT_KEEP };
  const store = new Store({ uri: environment.MONGODB_URI });
  const attempts = new AttemptRepository(store, keep);
  const deadLetters = new DeadLetterRepository(store);
  const rejectedEvents = new RejectedEventRepository(store);
  const hours = new WebhookHourRepository(store, keep);
  const dirtyHours = new DirtyHourRepository(store, clock);
  const health = new WebhookHealthRepository(store);
  const webhooks = new WebhookRepository(store, clock);
  const statuses = new WebhookStatusRepository(store, clock);
  const indexes = new PreparedIndexes([attempts, deadLetters, rejectedEvents, hours, dirtyHours, statuses], logger);

  const producer = new RecordProducer({ kafka, logger });
  const admin = new AdminConnection(kafka);
  const catalogue = loadCatalogue(join(packageRoot(), 'schemas'));
  const sender = new NoticeSender({
    topic: plan.events.name,
    catalogue,
    encoder: new EventEncoder(catalogue, registryAddress(environment.SCHEMA_REGISTRY_URL)),
    producer,
    announcer: new ControlAnnouncer({ topic: plan.events.name, admin, producer, marks: webhooks, logger }),
    statuses,
  });
  const judge = new WebhookJudge({
    webhooks,
    statuses,
    health,
    attempts,
    sender,
    disableAfterMs: environment.DISABLE_AFTER,
    clock,
    logger,
  });
  const sweeper = new NoticeSweeper({ statuses, sender, logger });

  const projection = new AttemptProjection(attempts, dirtyHours);
  const writerSchemas = new RegistryWriterSchemas(registryAddress(environment.SCHEMA_REGISTRY_URL));
  const bulk = { metrics: new BulkMetrics(metrics), logger };
  const receiver = new LedgerReceiver({
    plan,
    attemptCodec: new AttemptRecordCodec({
      schema: readInternalSchema(join(packageRoot(), 'schemas'), 'webhook_attempt'),
      registry: registryAddress(environment.SCHEMA_REGISTRY_URL),
      writerSchemas,
      clock,
    }),
    eventCodec: new EventCodec(writerSchemas, clock),
    attempts: new Bulk({
      ...bulk,
      kind: 'attempt',
      write: (records) => projection.write(records),
      maxItems: ATTEMPTS_PER_BULK,
    }),
    deadLetters: new Bulk({
      ...bulk,
      kind: 'dead_letter',
      write: (letters) => deadLetters.put(letters),
      maxItems: KEPT_PER_BULK,
    }),
    rejectedEvents: new Bulk({
      ...bulk,
      kind: 'rejected_event',
      write: (events) => rejectedEvents.insertMissing(events),
      maxItems: KEPT_PER_BULK,
    }),
    logger,
  });
  const summary = new WebhookSummary({ attempts, hours, health, webhooks });
  const summariser = new Summariser({ dirtyHours, summary, judge, clock, logger });

  const server = new OrderedKafkaServer({
    pattern: LEDGER,
    kafka,
    groupId: plan.groups.ledger,
    topics: [plan.attempts.name, plan.deadLetters.name, plan.rejected.name],
    unsettledBytes: environment.UNSETTLED_BYTES,
    unsettledSpan: environment.UNSETTLED_SPAN,
    drainLimitMs: environment.DRAIN_LIMIT_MS,
    clock,
    logger,
    metrics,
    onCrash: (error) => crash('the Kafka consumer ended', error),
  });
  const checks = [
    { name: 'consumer_group', check: async () => joined(server) },
    { name: 'mongodb', check: (signal: AbortSignal) => store.ping(signal) },
    indexes.check,
  ];
  const module = LedgerModule.for({ receiver, checks, metrics });
  const app = await NestFactory.create(module, { logger: new NestLogger(logger), forceCloseConnections: true });
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  await app.listen(environment.HEALTH_PORT ?? DEFAULT_HEALTH_PORT);
  void indexes.create();
  summariser.start();
  sweeper.start();
  logger.info({ health_port: environment.HEALTH_PORT ?? DEFAULT_HEALTH_PORT }, 'keeping the ledger');

  return {
    close: async () => {
      indexes.stop();
      await app.close();
      await Promise.all([summariser.stop(), sweeper.stop()]);
      await Promise.all([producer.close(), admin.close(), store.close()]);
    },
  };
}

function joined(server: OrderedKafkaServer): void {
  if (!server.ready()) throw new Error('not a member of the consumer group yet');
}
