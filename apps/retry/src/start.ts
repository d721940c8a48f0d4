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
  AdminConnection,
  Backlog,
  createKafka,
  ensureTopics,
  OrderedKafkaServer,
  PartitionLog,
  PartitionReader,
  RecordRemover,
  retryTopicsToDrain,
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
import {
  AttemptRepository,
  DeadLetterRepository,
  RateSlotRepository,
  ReplayRepository,
  Store,
  WebhookRepository,
} from '#libs/store';
import { NestFactory } from '@nestjs/core';

import { RecentWebhooks } from './locate/recent-webhooks.ts';
import { recordDueAt } from './receive/due.ts';
import { WEBHOOK_RETRY } from './receive/retry.controller.ts';
import { RetryReceiver } from './receive/retry-receiver.ts';
import { RetryModule } from './retry.module.ts';
import { DeadLetterReplay } from './replay/dead-letter-replay.ts';
import { HandingOver } from './replay/handing-over.ts';
import { LogReplay } from './replay/log-replay.ts';
import { ReplayedWebhooks } from './replay/replayed-webhook.ts';
import type { ReplayRun } from './replay/replay-run.ts';
import { ReplayRunner } from './replay/replay-runner.ts';
import { LaterAttempts } from './send/later-attempts.ts';
import { RetrySettlement } from './settle/retry-settlement.ts';
import { Trimmer } from './trim/trimmer.ts';

const DEFAULT_HEALTH_PORT = 8082;
/** A partition that comes due is seen after at most this long, because a fetch that waits does not look at it. */
const FETCH_WAIT_MS = 200;
/**
 * Retries of one webhook that wait for each attempt it may have under way. What comes then goes to the next tier at once: who stands
 * behind them in the queue is seen only when they have been taken, and their own order is not kept anyway.
 */
const WAITING_PER_SLOT = 25;

/** Puts the retry app together and starts it. @throws UnavailableError when Kafka does not answer. */
export async function startRetry({ environment, logger, crash }: AppStart): Promise<RunningApp> {
  const clock = systemClock;
  const metrics = createMetrics('retry');
  const tracing = await createTracing('retry', environment, logger);
  const traces = tracing && new DeliveryTraces(tracing.tracer);
  const plan = topicPlan(environment);
  const schemas = join(packageRoot(), 'schemas');
  const catalogue = loadCatalogue(schemas);
  const kafka = createKafka({ ...kafkaAccess(environment), clientId: 'webhook-retry', logger });
  await ensureTopics(kafka, plan, logger);
  const topics = await retryTopicsToDrain(kafka, plan);
  const producer = await ThreadedProducer.start(
    {
      ...kafkaAccess(environment),
      clientId: 'webhook-retry-producer',
      app: 'retry',
      logLevel: environment.LOG_LEVEL,
    },
    (error) => crash('the Kafka producer ended', error),
  );

  const store = new Store({ uri: environment.MONGODB_URI });
  const sending = new Sending({
    environment,
    clock,
    source: new RateSlotRepository(store),
    metrics,
    waitingPerSlot: WAITING_PER_SLOT,
  });
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

  const codec = new EventCodec(writerSchemas, clock);
  const webhookRepository = new WebhookRepository(store, clock);
  const receiver = new RetryReceiver({
    codec,
    webhooks: new RecentWebhooks({ reader: webhookRepository, groupOf: catalogue.groupOf, clock }),
    attempts: new LaterAttempts(sending.sender, clock, traces),
    settlement: new RetrySettlement({ ...settling, parkingTier: schedule.first, logger }),
  });

  const server = new OrderedKafkaServer({
    pattern: WEBHOOK_RETRY,
    kafka,
    groupId: plan.groups.retry,
    topics: [plan.replays, ...topics].map(({ name }) => name),
    unsettledBytes: environment.UNSETTLED_BYTES,
    unsettledSpan: environment.UNSETTLED_SPAN,
    drainLimitMs: environment.DRAIN_LIMIT_MS,
    maxWaitMs: FETCH_WAIT_MS,
    dueAt: (record) => recordDueAt(plan, record),
    busy: eventLoopBusy(),
    unanswered: () => sending.unanswered(),
    clock,
    logger,
    metrics,
    onCrash: (error) => crash('the Kafka consumer ended', error),
  });
  const admin = new AdminConnection(kafka);
  const remover = new RecordRemover(admin);
  const trimmer = new Trimmer({ committed: () => server.committed(), remover, logger });
  const keep = { keepMs: environment.ATTEMPT_KEEP };
  const replays = new ReplayRepository(store, clock, keep);
  const backlog = new Backlog({ admin, groupId: plan.groups.retry, topic: plan.replays.name });
  const { writer, records } = settling;
  const handedOver = { writer, records, backlog, rate: environment.REPLAY_RATE };
  const handingOver = (run: ReplayRun): HandingOver =>
    new HandingOver({ ...handedOver, log: new PartitionLog(admin, plan.replays.name) }, run);
  const replayed = new ReplayedWebhooks({ webhooks: webhookRepository, groupOf: catalogue.groupOf, clock });
  const runner = new ReplayRunner({
    replays,
    work: {
      log: new LogReplay({
        log: new PartitionLog(admin, plan.events.name),
        reader: new PartitionReader({ kafka, admin, groupStem: plan.groups.replayStem, logger }),
        codec,
        webhooks: replayed,
        attempts: new AttemptRepository(store, keep),
        plan,
        handingOver,
      }),
      dead_letters: new DeadLetterReplay({
        deadLetters: new DeadLetterRepository(store),
        webhooks: replayed,
        handingOver,
        clock,
      }),
    },
    logger,
  });
  const checks = [{ name: 'consumer_group', check: async () => joined(server) }];
  const module = RetryModule.for({ receiver, checks, metrics });
  const app = await NestFactory.create(module, { logger: new NestLogger(logger), forceCloseConnections: true });
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  sending.start(() => server.pressure());
  await app.listen(environment.HEALTH_PORT ?? DEFAULT_HEALTH_PORT);
  trimmer.start();
  runner.start();
  logger.info({ health_port: environment.HEALTH_PORT ?? DEFAULT_HEALTH_PORT }, 'retrying');

  return {
    close: async () => {
      trimmer.stop();
      await Promise.all([runner.stop(), app.close()]);
      await Promise.all([producer.close(), admin.close(), sending.close(), store.close(), tracing?.close()]);
    },
  };
}

function joined(server: OrderedKafkaServer): void {
  if (!server.ready()) throw new Error('not a member of the consumer group yet');
}
