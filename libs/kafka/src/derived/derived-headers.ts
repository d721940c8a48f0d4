import type { LogPosition, RateSlot } from '#libs/domain';
import type { IHeaders } from 'kafkajs';

import { headerText, type KafkaRecord } from '../record.ts';

/** Where an undecided record is taken up again. */
export const RESUME_STEPS = ['decode', 'send'] as const;
/** `decode`: decode it and find its webhooks, as if it had just arrived. `send`: find the webhook named by the key and send. */
export type ResumeStep = (typeof RESUME_STEPS)[number];

/** What a derived record knows of the deliveries before it. */
export interface DeliveryHistory {
  readonly resume: ResumeStep;
  /** Requests really made. */
  readonly attempts: number;
  /** How often it was held back without a request. */
  readonly holds: number;
  /** Milliseconds since the epoch; undefined before the first failure or hold. */
  readonly firstFailureAt: number | undefined;
  readonly lastStatus: number | undefined;
  readonly lastError: string | undefined;
  /** Where the event lies in `resource-events`. */
  readonly origin: LogPosition;
  /** The event's time stamp there, in milliseconds since the epoch; undefined for a replay, and where an older version wrote. */
  readonly producedAt?: number | undefined;
  /** The replay that asked for the delivery. */
  readonly replayId?: string | undefined;
  /** What its next attempt follows (W3C Trace Context): the one before, where that was traced. */
  readonly traceparent?: string | undefined;
  /** When its turn is, if it was held for nothing else. */
  readonly slot?: RateSlot | undefined;
}

/** The last moment that a date can be (ECMA-262, section 21.4.1.1), in milliseconds. */
const LAST_DATE_MS = 8.64e15;

const MAX_INT = 2 ** 31 - 1;
/** What Avro's codec still takes for a whole number. */
const MAX_LONG = Number.MAX_SAFE_INTEGER - 1;

const NAME = {
  resume: 'delivery-resume',
  attempts: 'delivery-attempts',
  holds: 'delivery-holds',
  firstFailureAt: 'delivery-first-failure-at',
  lastStatus: 'delivery-last-status',
  lastError: 'delivery-last-error',
  originTopic: 'delivery-origin-topic',
  originPartition: 'delivery-origin-partition',
  originOffset: 'delivery-origin-offset',
  producedAt: 'delivery-produced-at',
  replay: 'delivery-replay',
  traceparent: 'delivery-traceparent',
  slotAt: 'delivery-slot-at',
  slotRate: 'delivery-slot-rate',
} as const;

const OURS: ReadonlySet<string> = new Set(Object.values(NAME));

/** It goes into a header of HTTP. */
const REPLAY_ID = /^[\w-]{1,100}$/;

/** The history of a record with which nothing has happened yet. */
export function freshHistory(resume: ResumeStep, origin: LogPosition, producedAt?: number): DeliveryHistory {
  return {
    resume,
    attempts: 0,
    holds: 0,
    firstFailureAt: undefined,
    lastStatus: undefined,
    lastError: undefined,
    origin,
    producedAt,
  };
}

const failureTime = rememberingLast(timeText);
const producedTime = rememberingLast(timeText);

/** Writes a history over a record's own headers; the others travel unchanged. */
export function withHistory(headers: IHeaders, history: DeliveryHistory): IHeaders {
  const written = withoutHistory(headers);
  const write = (name: string, value: string | undefined): void => {
    if (value !== undefined) written[name] = value;
  };
  const { holds, lastStatus, origin, slot } = history;
  write(NAME.resume, history.resume);
  write(NAME.attempts, String(history.attempts));
  write(NAME.holds, holds === 0 ? undefined : String(holds));
  write(NAME.firstFailureAt, failureTime(history.firstFailureAt));
  write(NAME.lastStatus, lastStatus === undefined ? undefined : String(lastStatus));
  write(NAME.lastError, history.lastError);
  write(NAME.originTopic, origin.topic);
  write(NAME.originPartition, String(origin.partition));
  write(NAME.originOffset, String(origin.offset));
  write(NAME.producedAt, producedTime(history.producedAt));
  write(NAME.replay, history.replayId);
  write(NAME.traceparent, history.traceparent);
  write(NAME.slotAt, timeText(slot?.at));
  write(NAME.slotRate, slot && String(slot.rate));
  return written;
}

/** Reads a derived record's history; undefined when the headers are not ours. */
export function historyOf(record: KafkaRecord): DeliveryHistory | undefined {
  const text = (name: string): string | undefined => headerText(record.headers, name);
  const resume = RESUME_STEPS.find((step) => step === text(NAME.resume));
  // The trail has both as Avro's int; this attempt is one more.
  const attempts = count(text(NAME.attempts), MAX_INT - 1);
  const partition = count(text(NAME.originPartition), MAX_INT);
  const offset = count(text(NAME.originOffset));
  const topic = text(NAME.originTopic);
  if (!resume || attempts === undefined || !topic || partition === undefined || offset === undefined) return undefined;
  return {
    resume,
    attempts,
    holds: count(text(NAME.holds), MAX_INT - 1) ?? 0,
    firstFailureAt: time(text(NAME.firstFailureAt)),
    lastStatus: count(text(NAME.lastStatus), MAX_INT),
    lastError: text(NAME.lastError),
    origin: { topic, partition, offset },
    producedAt: time(text(NAME.producedAt)),
    replayId: REPLAY_ID.exec(text(NAME.replay) ?? '')?.[0],
    traceparent: text(NAME.traceparent),
    slot: slotOf(text(NAME.slotAt), text(NAME.slotRate)),
  };
}

function slotOf(atText: string | undefined, rateText: string | undefined): RateSlot | undefined {
  const [at, rate] = [time(atText), count(rateText)];
  return at === undefined || rate === undefined ? undefined : { at, rate };
}

/** A derived record's headers as they were before it was derived. */
export function withoutHistory(headers: IHeaders): IHeaders {
  if (isEmpty(headers)) return {};
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== undefined && !OURS.has(name)));
}

function isEmpty(headers: IHeaders): boolean {
  for (const _name in headers) return false;
  return true;
}

/** Undefined, too, for what no date can be: a producer may have given nanoseconds. */
function timeText(ms: number | undefined): string | undefined {
  return ms === undefined || !(Math.abs(ms) <= LAST_DATE_MS) ? undefined : new Date(ms).toISOString();
}

/** Many records in a row have the same time, and its text costs as much as all else that is written. */
function rememberingLast(textOf: (ms: number | undefined) => string | undefined): typeof textOf {
  let lastMs: number | undefined;
  let lastText: string | undefined;
  return (ms) => {
    if (ms !== lastMs) {
      lastText = textOf(ms);
      lastMs = ms;
    }
    return lastText;
  };
}

function time(text: string | undefined): number | undefined {
  const value = Date.parse(text ?? '');
  return Number.isNaN(value) ? undefined : value;
}

function count(text: string | undefined, most = MAX_LONG): number | undefined {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(value) && value >= 0 && value <= most ? value : undefined;
}
