import { join } from 'node:path';

import { systemClock } from '#libs/domain';
import { DeliveryTraces, Sending } from '#libs/dispatch';
import {
  AttemptRecordCodec,
  EventCodec,
  loadCatalogue,
  readInternalSchema,
  registryAddress,
  RegistryWriterSchemas,
} from '#libs/event-schemas';
import {
  createKafka,
  ensureTopics,
  KeyLanes,
  OrderedKafkaServer,
  settlingWith,
  ThreadedProducer,
  topicPlan,
} from '#libs/kafka';
import {
  type AppStart,
  createMetrics,
  createTracing,
  eventLoopBusy,
  kafkaAccess,
  NestLogger,
  packageRoot,
  type RunningApp,
} from '#libs/runtime';
import { RateSlotRepository, Store, WebhookRepository } from '#libs/store';
import { NestFactory } from '@nestjs/core';

import { DeliveryModule } from './delivery.module.ts';
import { CustomerWebhooks } from './match/customer-webhooks.ts';
import { LookupMetrics } from './match/lookup-metrics.ts';
import { RESOURCE_EVENTS } from './receive/event.controller.ts';
import { EventReceiver } from './receive/event-receiver.ts';
import { FirstAttempts } from './send/first-attempts.ts';
import { Settlement } from './settle/settlement.ts';

const DEFAULT_HEALTH_PORT = 8081;

/** Puts the delivery app together and starts it. @throws UnavailableError when Kafka does not answer. */
export async function startDelivery({ environment, logger, crash }: AppStart): Promise<RunningApp> {
  const clock = systemClock;
  const metrics = createMetrics('delivery');
  const tracing = await createTracing('delivery', environment, logger);
  const traces = tracing && new DeliveryTraces(tracing.tracer);
  const plan = topicPlan(environment);
  const schemas = join(packageRoot(), 'schemas');
  const catalogue = loadCatalogue(schemas);
  const kafka = createKafka({ ...kafkaAccess(environment), clientId: 'webhook-delivery', logger });
  await ensureTopics(kafka, plan, logger);
  const producer = await ThreadedProducer.start(
    {
      ...kafkaAccess(environment),
      clientId: 'webhook-delivery-producer',
      app: 'delivery',
      logLevel: environment.LOG_LEVEL,
    },
    (error) => crash('the Kafka producer ended', error),
  );

  const store = new Store({ uri: environment.MONGODB_URI });
  const webhookRepository = new WebhookRepository(store, clock);
  const lookupMetrics = new LookupMetrics(metrics);
  const webhooks = new CustomerWebhooks({
    load: (customerId) => webhookRepository.loadLiveWebhooks(customerId),
    groupOf: catalogue.groupOf,
    clock,
    metrics: lookupMetrics,
  });
  const sending = new Sending({ environment, clock, source: new RateSlotRepository(store), metrics });
  const schedule = environment.RETRY_SCHEDULE;
  const registry = registryAddress(environment.SCHEMA_REGISTRY_URL);
  const writerSchemas = new RegistryWriterSchemas(registry);
  const schema = readInternalSchema(schemas, 'webhook_attempt');
  const encoder = new AttemptRecordCodec({ schema, registry, writerSchemas, clock });
  const settling = settlingWith({
    plan,
    schedule,
    producer,
    encoder,
    clock,
    logger,
    registry: metrics,
    logged: environment.ATTEMPT_LOG,
  });

  const receiver = new EventReceiver({
    codec: new EventCodec(writerSchemas, clock),
    webhooks,
    attempts: new FirstAttempts(sending.sender, traces),
    settlement: new Settlement({ ...settling, parkingTier: schedule.first }),
    deciding: new KeyLanes(),
    metrics: lookupMetrics,
    clock,
    logger,
  });

  const server = new OrderedKafkaServer({
    pattern: RESOURCE_EVENTS,
    kafka,
    groupId: plan.groups.delivery,
    topics: [plan.events.name],
    unsettledBytes: environment.UNSETTLED_BYTES,
    unsettledSpan: environment.UNSETTLED_SPAN,
    drainLimitMs: environment.DRAIN_LIMIT_MS,
    busy: eventLoopBusy(),
    unanswered: () => sending.unanswered(),
    clock,
    logger,
    metrics,
    onAssigned: () => webhooks.clear(),
    onCrash: (error) => crash('the Kafka consumer ended', error),
  });
  const checks = [{ name: 'consumer_group', check: async () => joined(server) }];
  const module = DeliveryModule.for({ receiver, checks, metrics });
  const app = await NestFactory.create(module, { logger: new NestLogger(logger), forceCloseConnections: true });
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  sending.start(() => server.pressure());
  await app.listen(environment.HEALTH_PORT ?? DEFAULT_HEALTH_PORT);
  logger.info({ health_port: environment.HEALTH_PORT ?? DEFAULT_HEALTH_PORT }, 'delivering');

  return {
    close: async () => {
      await app.close();
      await Promise.all([producer.close(), sending.close(), store.close(), tracing?.close()]);
    },
  };
}

function joined(server: OrderedKafkaServer): void {
  if (!server.ready()) throw new Error('not a member of the consumer group yet');
}
