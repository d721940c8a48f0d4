import { type AttemptError, type AttemptOutcome, assertNever } from '#libs/domain';

import type { Verdict } from './circuit-breaker.ts';

/** 4xx answers that speak of the endpoint's state, not of the event: Request Timeout, Too Early, Too Many Requests. */
const OVERLOADED: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * What an attempt says about its endpoint. An endpoint that refuses an event with another 4xx, or redirects, works: it answers
 * fast and costs nobody anything, so its other events are not held back.
 */
export function verdictOf(outcome: AttemptOutcome): Verdict {
  switch (outcome.kind) {
    case 'delivered':
      return 'success';
    case 'failed':
      return ofError(outcome.error, outcome.status);
    default:
      return assertNever(outcome);
  }
}

function ofError(error: AttemptError, status: number | undefined): Verdict {
  switch (error) {
    case 'http_status':
      return status !== undefined && status < 500 && !OVERLOADED.has(status) ? 'answered' : 'failure';
    case 'redirect':
    case 'secret_unavailable':
    case 'invalid_url':
    case 'setting_unreadable':
      return 'answered';
    case 'timeout':
    case 'dns_failed':
    case 'address_refused':
    case 'connection_refused':
    case 'connection_failed':
    case 'connection_closed':
    case 'tls_failed':
    case 'invalid_response':
      return 'failure';
    default:
      return assertNever(error);
  }
}
