import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RetrySchedule } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { createKafka } from '../client/kafka.ts';
import { RecordProducer } from '../produce/record-producer.ts';
import { ensureTopics } from './ensure-topics.ts';
import { topicPlan } from './topic-plan.ts';

const EVENT_MAX_BYTES = 1_200_000;
const GZIP = 1;
const logger = createLogger('test', 'silent');
const kafka = createKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'test', logger });
const plan = topicPlan({
  TOPIC_PREFIX: `plan-${randomUUID()}-`,
  TOPIC_PARTITIONS: 1,
  TOPIC_REPLICATION: 1,
  TOPIC_MIN_INSYNC_REPLICAS: 1,
  EVENT_RETENTION: -1,
  EVENT_MAX_BYTES,
  ATTEMPT_RETENTION: -1,
  RETRY_SCHEDULE: RetrySchedule.parse('5s'),
});
const compressing = kafka.producer();
const producer = new RecordProducer({ kafka, logger });

beforeAll(async () => {
  await ensureTopics(kafka, plan, logger);
  await compressing.connect();
});

afterAll(async () => {
  await compressing.disconnect();
  await producer.close();
});

const produce = (value: Buffer) =>
  compressing.send({ topic: plan.events.name, compression: GZIP, messages: [{ key: null, value }] });

describe('an event that its producer compresses', () => {
  it('is refused when it would not fit as it is delivered, so that every copy of an event fits', async () => {
    const large = Buffer.alloc(2 * EVENT_MAX_BYTES);
    await expect(producer.send({ topic: plan.deadLetters.name, key: null, value: large })).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
    });
    await expect(produce(large)).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' });
  });

  it('is taken when it fits, and so is its copy', async () => {
    const value = Buffer.alloc(EVENT_MAX_BYTES - 1_000);
    await expect(produce(value)).resolves.toHaveLength(1);
    for (const topic of [plan.rejected, plan.deadLetters, plan.attempts, plan.replays, ...plan.retries]) {
      await expect(producer.send({ topic: topic.name, key: null, value })).resolves.toMatchObject({ offset: 0 });
    }
  });
});
