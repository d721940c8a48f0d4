import { MongoClient } from 'mongodb';

/** Whether a server answers a read within a time, over a connection of its own. */
export async function answersRead(mongodbUri: string, limitMs: number): Promise<boolean> {
  const client = new MongoClient(mongodbUri, {
    serverSelectionTimeoutMS: limitMs,
    connectTimeoutMS: limitMs,
    socketTimeoutMS: limitMs,
    maxPoolSize: 1,
  });
  try {
    await client.db('watch').collection('reads').findOne({});
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
