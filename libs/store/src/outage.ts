import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoSystemError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from 'mongodb';

/** The driver's own errors that say nothing but "no answer". */
const CLASSES = [
  MongoNetworkError,
  MongoSystemError,
  MongoOperationTimeoutError,
  MongoTopologyClosedError,
  MongoNotConnectedError,
  MongoClientClosedError,
  /** Fewer members than a majority have the write: it may yet be rolled back. */
  MongoWriteConcernError,
];

/** Errors of the connection pool, which the driver does not export as classes. */
const POOL_ERRORS: ReadonlySet<string> = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

/** Codes of a server that is shutting down, is no primary, ran out of time, or asks to try again, since another write came first (MongoDB's error_codes.yml). */
const CODES: ReadonlySet<number | string | undefined> = new Set<number | string | undefined>([
  6, 7, 50, 64, 89, 91, 112, 134, 189, 262, 9_001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436,
]);

/** Whether an error means that MongoDB could not answer, as opposed to having refused what was asked. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (CLASSES.some((outage) => error instanceof outage) || POOL_ERRORS.has(error.name)) return true;
  if (error instanceof MongoBulkWriteError) {
    if (error.result.getWriteConcernError()) return true;
    // Whatever keeps the driver from writing at all comes wrapped in one.
    if (error.errorResponse instanceof Error) return isOutage(error.errorResponse);
  }
  if (!(error instanceof MongoServerError)) return false;
  return CODES.has(error.code) || error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('RetryableError');
}
