import { BSON, type Document, MongoClient } from 'mongodb';

const { EJSON } = BSON;

/** A database as text: every collection with its documents, as extended JSON that keeps their types. */
export async function dump(uri: string): Promise<string> {
  return await inDatabase(uri, async (client) => {
    const names = (await client.db().listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    const documents = names.map(async (name) => [name, await client.db().collection(name).find().toArray()] as const);
    return EJSON.stringify(Object.fromEntries(await Promise.all(documents)), { relaxed: false });
  });
}

/** Puts a dump into a database, in place of the collections of the same names. */
export async function restore(uri: string, text: string): Promise<void> {
  const dumped: Record<string, Document[]> = EJSON.parse(text, { relaxed: false });
  await inDatabase(uri, async (client) => {
    for (const [name, documents] of Object.entries(dumped)) {
      await client.db().collection(name).deleteMany({});
      if (documents.length > 0) await client.db().collection(name).insertMany(documents);
    }
  });
}

/** Documents of a collection, one a line. @param query extended JSON */
export async function exported(uri: string, collection: string, query: string): Promise<string> {
  const filter: Document = EJSON.parse(query);
  const documents = await inDatabase(uri, (client) => client.db().collection(collection).find(filter).toArray());
  return documents.map((document) => `${EJSON.stringify(document, { relaxed: false })}\n`).join('');
}

/** Puts documents, one a line, into a collection, in place of those with the same ids. */
export async function imported(uri: string, collection: string, lines: string): Promise<void> {
  const documents: Document[] = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => EJSON.parse(line, { relaxed: false }));
  await inDatabase(uri, async (client) => {
    for (const document of documents) {
      await client.db().collection(collection).replaceOne({ _id: document['_id'] }, document, { upsert: true });
    }
  });
}

/** Removes every document, as if the database had been lost. */
export async function lose(uri: string): Promise<void> {
  await inDatabase(uri, async (client) => {
    const collections = await client.db().collections();
    await Promise.all(collections.map((collection) => collection.deleteMany({})));
  });
}

async function inDatabase<T>(uri: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
