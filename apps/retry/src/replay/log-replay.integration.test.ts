import { randomUUID } from 'node:crypto';
import { setTimeout as pauseFor } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RetrySchedule, systemClock } from '#libs/domain';
import { EventCodec, registryAddress, RegistryWriterSchemas } from '#libs/event-schemas';
import {
  AdminConnection,
  Backlog,
  createKafka,
  DerivedRecords,
  DurableWriter,
  ensureTopics,
  PartitionLog,
  PartitionReader,
  RecordProducer,
  RecordRemover,
  SettlementMetrics,
  topicPlan,
} from '#libs/kafka';
import { createLogger, createMetrics } from '#libs/runtime';
import { AttemptRepository, NO_PROGRESS, ReplayRepository, WebhookRepository } from '#libs/store';

import { TestDatabase } from '../../../../libs/store/testing/database.ts';
import { HandingOver } from './handing-over.ts';
import { LogReplay, type LogReplayParts } from './log-replay.ts';
import { ReplayedWebhooks } from './replayed-webhook.ts';
import { ReplayRun } from './replay-run.ts';
import type { WorkEnd } from './work.ts';

const COUNT = 10;
const clock = systemClock;
const logger = createLogger('test', 'silent');
const kafka = createKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'test', logger });
const admin = new AdminConnection(kafka);
const producer = new RecordProducer({ kafka, logger });
const database = new TestDatabase('log_replay');
const { store } = database;
const replays = new ReplayRepository(store, clock, { keepMs: -1 });
const plan = topicPlan({
  TOPIC_PREFIX: `log-replay-${randomUUID()}-`,
  TOPIC_PARTITIONS: 1,
  TOPIC_REPLICATION: 1,
  TOPIC_MIN_INSYNC_REPLICAS: 1,
  EVENT_RETENTION: -1,
  EVENT_MAX_BYTES: 1_048_576,
  ATTEMPT_RETENTION: -1,
  RETRY_SCHEDULE: RetrySchedule.parse('5s'),
});
const log = new PartitionLog(admin, plan.events.name);

beforeAll(async () => {
  await replays.ensureIndexes();
  await ensureTopics(kafka, plan, logger);
  const topic = plan.events.name;
  await Promise.all(
    Array.from({ length: COUNT }, () => ({ topic, key: 'somebody else', value: Buffer.from('x') })).map((record) =>
      producer.send(record),
    ),
  );
});

afterAll(async () => {
  await producer.close();
  await admin.close();
  await database.drop();
});

/** Runs a replay of all that was written. */
async function replayed(bounds: LogReplayParts['log']['bounds']): Promise<WorkEnd> {
  const id = randomUUID();
  const source = { kind: 'log', partition: 0, from: 0, to: COUNT, since: 0, until: clock.now() } as const;
  await replays.insert({
    id,
    webhookId: 'webhook',
    customerId: 'customer',
    source: { ...source, eventTypes: undefined, only: 'all', dryRun: true },
    state: 'queued',
    progress: NO_PROGRESS,
    failure: undefined,
    createdAt: clock.now(),
    startedAt: undefined,
    finishedAt: undefined,
  });
  const lease = (await replays.claim('log', 60_000))!;
  const run = new ReplayRun({ lease, replays, logger, stopping: new AbortController().signal });
  const writer = new DurableWriter({
    sender: producer,
    logger,
    metrics: new SettlementMetrics(createMetrics('retry'), plan),
  });
  const registry = registryAddress(process.env['SCHEMA_REGISTRY_URL'] ?? '');
  const work = new LogReplay({
    log: { bounds },
    reader: new PartitionReader({ kafka, admin, groupStem: plan.groups.replayStem, logger }),
    codec: new EventCodec(new RegistryWriterSchemas(registry), clock),
    webhooks: new ReplayedWebhooks({
      webhooks: new WebhookRepository(store, clock),
      groupOf: () => undefined,
      clock,
    }),
    attempts: new AttemptRepository(store, { keepMs: -1 }),
    plan,
    handingOver: (given) =>
      new HandingOver(
        {
          writer,
          records: new DerivedRecords(plan),
          backlog: new Backlog({ admin, groupId: plan.groups.retry, topic: plan.replays.name }),
          log: new PartitionLog(admin, plan.replays.name),
          rate: 100,
        },
        given,
      ),
  });
  try {
    return await work.run(run);
  } finally {
    await replays.finish(lease);
    run.close();
  }
}

describe('a replay of the log', () => {
  it('is done when all of it was read', async () => {
    expect(await replayed((partition) => log.bounds(partition))).toEqual({ kind: 'done' });
  });

  it('fails when some of it is removed before it is read', async () => {
    let removed = false;
    const end = await replayed(async (partition) => {
      const before = await log.bounds(partition);
      if (!removed) {
        removed = true;
        await new RecordRemover(admin).removeBefore([{ topic: plan.events.name, partition, offset: COUNT / 2 }]);
        while ((await log.bounds(partition)).start < COUNT / 2) await pauseFor(20);
      }
      return before;
    });
    expect(end).toEqual({ kind: 'failed', message: expect.stringContaining('left the log') });
  });
});
