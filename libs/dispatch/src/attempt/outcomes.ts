import type { AttemptOutcome, AttemptTiming, Clock } from '#libs/domain';

import type { Opening } from '../connections/opening.ts';
import { failureOf } from './failure.ts';
import { retryAfterMs } from './retry-after.ts';

/** The endpoint answered. */
export function answered(
  answer: { readonly status: number; readonly retryAfter: string | undefined },
  given: { readonly success: '200' | '2xx'; readonly clock: Clock; readonly timing: AttemptTiming },
): AttemptOutcome {
  const { status, retryAfter } = answer;
  const { timing } = given;
  if (status === 200 || (given.success === '2xx' && status < 300)) return { kind: 'delivered', status, timing };
  const wait = retryAfterMs(retryAfter, given.clock.now());
  return {
    kind: 'failed',
    error: status >= 300 && status < 400 ? 'redirect' : 'http_status',
    message: `the endpoint answered ${status}`,
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    timing,
  };
}

/** The exchange broke before the answer's headers were complete. */
export function broken(error: unknown, timing: AttemptTiming): AttemptOutcome {
  return { kind: 'failed', ...failureOf(error), timing };
}

/** The time was up before the answer's headers were complete. */
export function timedOut(limitMs: number, timing: AttemptTiming): AttemptOutcome {
  return { kind: 'failed', error: 'timeout', message: `no answer within ${limitMs} ms`, timing };
}

/** No request was made. */
export function notSent(
  error: 'invalid_url' | 'secret_unavailable' | 'setting_unreadable',
  message: string,
): AttemptOutcome {
  return { kind: 'failed', error, message, timing: { totalMs: 0 } };
}

/** @param opening of the connection, when it was opened for this attempt. */
export function timingOf(totalMs: number, isAnswered: boolean, opening: Opening | undefined): AttemptTiming {
  if (!opening) return isAnswered ? { totalMs, firstByteMs: totalMs } : { totalMs };
  const { startedAt, lookedUpAt, connectedAt, securedAt } = opening;
  return {
    totalMs,
    ...(lookedUpAt === undefined ? {} : { dnsMs: lookedUpAt - startedAt }),
    ...(connectedAt === undefined ? {} : { connectMs: connectedAt - (lookedUpAt ?? startedAt) }),
    ...(connectedAt === undefined || securedAt === undefined ? {} : { tlsMs: securedAt - connectedAt }),
    ...(isAnswered ? { firstByteMs: totalMs } : {}),
  };
}
