import { expect, it } from '@jest/globals';
import { UnavailableError } from '#libs/domain';
import { createLogger } from '#libs/runtime';

import { AdminConnection } from './admin-connection.ts';
import { createKafka } from './kafka.ts';

const logger = createLogger('test', 'silent');
const kafka = createKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'test', logger });

it('does not come back for what is asked after its end', async () => {
  const connection = new AdminConnection(kafka);
  await connection.use((admin) => admin.listTopics());
  await connection.close();
  await expect(connection.use((admin) => admin.listTopics())).rejects.toThrow('the admin connection is closed');
});

it('gives up the connection on which a request failed, and not the one that took its place', async () => {
  const connection = new AdminConnection(kafka);
  const current = (): Promise<unknown> => connection.use(async (admin) => admin);
  try {
    const first = await current();
    const late = Promise.withResolvers<never>();
    const underway = connection.use(() => late.promise);
    await expect(connection.use(() => Promise.reject(new Error('refused')))).rejects.toThrow(UnavailableError);
    const second = await current();
    expect(second).not.toBe(first);
    late.reject(new Error('closed'));
    await expect(underway).rejects.toThrow(UnavailableError);
    expect(await current()).toBe(second);
  } finally {
    await connection.close();
  }
});
