import {
  type Collection,
  type Document,
  type Filter,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
  type WithoutId,
} from 'mongodb';

import { DUPLICATE_KEY, type Store } from './store.ts';

/**
 * Inserts documents whose ids stand for their content: what is there already stays, so that inserting again changes nothing. Cheaper
 * than replacing with upsert.
 *
 * @throws UnavailableError when MongoDB did not acknowledge; some may have been written
 */
export async function insertMissing<T extends Document>(
  store: Store,
  collection: Collection<T>,
  documents: ReadonlyArray<OptionalUnlessRequiredId<T>>,
): Promise<void> {
  if (documents.length === 0) return;
  try {
    await store.run(() => collection.insertMany([...documents], { ordered: false }));
  } catch (error) {
    if (duplicatesOf(error) === undefined) throw error;
  }
}

/** A document and the condition under which a stored one of the same id is no newer. */
export interface Replacement<T extends Document> {
  readonly unlessNewer: Filter<T>;
  readonly document: WithoutId<T>;
}

/**
 * Puts documents in the place of older ones with the same id, or where there are none. A stored one that is newer makes the upsert
 * meet a taken id; so does another writer's upsert at the same moment, hence the second try.
 *
 * @throws UnavailableError when MongoDB did not acknowledge; some may have been written
 */
export async function replaceOlder<T extends Document>(
  store: Store,
  collection: Collection<T>,
  replacements: ReadonlyArray<Replacement<T>>,
): Promise<void> {
  const refused = await replaceAll(store, collection, replacements);
  await replaceAll(store, collection, refused);
}

async function replaceAll<T extends Document>(
  store: Store,
  collection: Collection<T>,
  replacements: ReadonlyArray<Replacement<T>>,
): Promise<ReadonlyArray<Replacement<T>>> {
  if (replacements.length === 0) return [];
  const operations = replacements.map(({ unlessNewer, document }) => ({
    replaceOne: { filter: unlessNewer, replacement: document, upsert: true },
  }));
  try {
    await store.run(() => collection.bulkWrite(operations, { ordered: false }));
    return [];
  } catch (error) {
    const refused = duplicatesOf(error);
    if (!refused) throw error;
    return refused.flatMap((place) => replacements[place] ?? []);
  }
}

/** The places, in the bulk, of writes that met a taken id; undefined when the bulk failed for any other reason. */
function duplicatesOf(error: unknown): readonly number[] | undefined {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) return undefined;
  const failures = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) return undefined;
  return failures.map(({ index }) => index);
}
