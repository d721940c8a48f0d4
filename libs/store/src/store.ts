import { ConfigurationError, messageOf, UnavailableError } from '#libs/domain';
import { type Collection, type Db, type Document, MongoClient, MongoServerError } from 'mongodb';

import { isOutage } from './outage.ts';

const SELECTION_TIMEOUT_MS = 2_000;
const OPERATION_TIMEOUT_MS = 5_000;
const TIME_LIMITS = {
  serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
  connectTimeoutMS: SELECTION_TIMEOUT_MS,
  waitQueueTimeoutMS: SELECTION_TIMEOUT_MS,
  socketTimeoutMS: OPERATION_TIMEOUT_MS,
};
const DEFAULT_DATABASE = 'webhooks';
/** MongoDB's code for a unique value that is taken. */
export const DUPLICATE_KEY = 11_000;

/**
 * The connection to MongoDB. It connects on first use, so that an app starts, and stays up, while MongoDB is away. Writes are
 * acknowledged by a majority with journal, reads come from the primary with majority read concern.
 */
export class Store {
  private readonly client: MongoClient;
  private readonly db: Db;
  private state: 'new' | 'connected' | 'closed' = 'new';

  /** @param options.uri the time limits that it names take the place of ours. @throws ConfigurationError when the driver cannot use it. */
  constructor(options: { uri: string }) {
    this.client = clientFor(options.uri);
    const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(options.uri)?.[1];
    this.db = this.client.db(named === undefined ? DEFAULT_DATABASE : decodeURIComponent(named));
  }

  /** A collection, for the repositories of this library; use it within {@link run}. */
  collection<T extends Document>(name: string): Collection<T> {
    return this.db.collection<T>(name);
  }

  /** Runs an operation, connecting first where that has not worked yet. @throws UnavailableError when MongoDB does not answer. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    await this.connect();
    try {
      return await operation();
    } catch (error) {
      if (isOutage(error)) throw unavailable(error);
      throw error;
    }
  }

  /** @throws UnavailableError when MongoDB does not answer, or not before `signal` aborts. */
  async ping(signal?: AbortSignal): Promise<void> {
    try {
      await this.run(() => this.db.command({ ping: 1 }, signal === undefined ? {} : { signal }));
    } catch (error) {
      throw error instanceof UnavailableError ? error : unavailable(error);
    }
  }

  /** Ends the connection; what is asked afterwards is refused. */
  async close(): Promise<void> {
    this.state = 'closed';
    await this.client.close();
  }

  /**
   * The driver recovers by itself once it was connected, but an operation does not connect again after a first connection that
   * failed: it finds the closed topology of that one.
   */
  private async connect(): Promise<void> {
    if (this.state === 'connected') return;
    if (this.state === 'closed') throw new UnavailableError('mongodb', 'the connection to MongoDB was closed');
    try {
      await this.client.connect();
      this.state = 'connected';
    } catch (error) {
      throw unavailable(error);
    }
  }
}

/** Whether a write was refused because a unique value is taken. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function clientFor(uri: string): MongoClient {
  try {
    return new MongoClient(uri, {
      ...timeLimitsBeside(uri),
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      ignoreUndefined: true,
      appName: 'voipbin-webhook',
    });
  } catch (error) {
    throw new ConfigurationError(`MONGODB_URI cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

/** The driver would let an option win over what stands in the address. */
function timeLimitsBeside(uri: string): Partial<typeof TIME_LIMITS> {
  const named = new Set([...new URLSearchParams(/\?(.*)$/.exec(uri)?.[1]).keys()].map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(TIME_LIMITS).filter(([name]) => !named.has(name.toLowerCase())));
}

function unavailable(cause: unknown): UnavailableError {
  return new UnavailableError('mongodb', `MongoDB does not answer: ${messageOf(cause)}`, { cause });
}
