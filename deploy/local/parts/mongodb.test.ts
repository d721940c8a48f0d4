import { expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';

import { mongodbPart } from './mongodb.ts';

it('lets a client open few connections to the embedded database, on each of which it may wait for its turn', async () => {
  const client = new MongoClient(mongodbPart.address([27_017]));
  expect(client.options).toMatchObject({ dbName: 'webhooks', maxPoolSize: 4, waitQueueTimeoutMS: 10_000 });
  await client.close();
});
