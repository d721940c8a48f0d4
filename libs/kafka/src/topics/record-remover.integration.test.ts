import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createLogger } from '#libs/runtime';

import { AdminConnection } from '../client/admin-connection.ts';
import { createKafka } from '../client/kafka.ts';
import { RecordProducer } from '../produce/record-producer.ts';
import { RecordRemover } from './record-remover.ts';

const logger = createLogger('test', 'silent');
const kafka = createKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'test', logger });
const admin = new AdminConnection(kafka);
const producer = new RecordProducer({ kafka, logger });
const topic = `trimmed-${randomUUID()}`;

beforeAll(async () => {
  await admin.use((client) =>
    client.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }], waitForLeaders: true }),
  );
});

afterAll(async () => {
  await producer.close();
  await admin.close();
});

it('removes what lies before a position, on a connection that has not met the topic yet', async () => {
  for (let count = 0; count < 5; count += 1) await producer.send({ topic, key: null, value: Buffer.from('x') });
  const fresh = new AdminConnection(kafka);
  try {
    await new RecordRemover(fresh).removeBefore([{ topic, partition: 0, offset: 3 }]);
    const [offsets] = await fresh.use((client) => client.fetchTopicOffsets(topic));
    expect(offsets).toMatchObject({ low: '3', high: '5' });
  } finally {
    await fresh.close();
  }
});
