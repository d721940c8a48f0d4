import { messageOf, UnavailableError } from '#libs/domain';
import { type Collection, type Db, type Document, MongoClient, MongoError, MongoServerError } from 'mongodb';

const SELECTION_TIMEOUT_MS = 2_000;
const OPERATION_TIMEOUT_MS = 5_000;
const DEFAULT_DATABASE = 'webhooks';
const DUPLICATE_KEY = 11_000;

/**
 * The connection to MongoDB. It connects on first use, so that an app starts, and stays up, while MongoDB is away. Writes are
 * acknowledged by a majority with journal, reads come from the primary with majority read concern.
 */
export class Store {
  private readonly client: MongoClient;
  private readonly db: Db;

  constructor(options: { uri: string }) {
    this.client = new MongoClient(options.uri, {
      serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
      connectTimeoutMS: SELECTION_TIMEOUT_MS,
      socketTimeoutMS: OPERATION_TIMEOUT_MS,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      ignoreUndefined: true,
      appName: 'voipbin-webhook',
    });
    const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(options.uri)?.[1];
    this.db = this.client.db(named === undefined ? DEFAULT_DATABASE : decodeURIComponent(named));
  }

  /** A collection, for the repositories of this library. */
  collection<T extends Document>(name: string): Collection<T> {
    return this.db.collection<T>(name);
  }

  /** @throws UnavailableError when MongoDB does not answer. */
  async ping(): Promise<void> {
    await reaching(() => this.db.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

/** Runs an operation; whatever keeps MongoDB from answering becomes UnavailableError. */
export async function reaching<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof MongoServerError && !isPassing(error)) throw error;
    if (error instanceof MongoError) {
      throw new UnavailableError('mongodb', `MongoDB does not answer: ${messageOf(error)}`, { cause: error });
    }
    throw error;
  }
}

/** Whether a write was refused because a unique value is taken. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function isPassing(error: MongoServerError): boolean {
  return (
    error.hasErrorLabel('RetryableWriteError') ||
    error.hasErrorLabel('RetryableError') ||
    /not primary|shutting down/i.test(error.message)
  );
}
