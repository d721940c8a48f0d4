import { describe, expect, it } from '@jest/globals';
import type { AttemptError } from '#libs/domain';

import { verdictOf } from './verdict.ts';

const timing = { totalMs: 1 };

function verdict(error: AttemptError, status?: number): string {
  return verdictOf({ kind: 'failed', error, message: '', timing, ...(status === undefined ? {} : { status }) });
}

describe('verdictOf', () => {
  it('counts a delivery as a success', () => {
    expect(verdictOf({ kind: 'delivered', status: 200, timing })).toBe('success');
  });

  it.each([201, 204, 400, 401, 404, 410, 422, 499])(
    'takes an endpoint that answers %d for one that works',
    (status) => {
      expect(verdict('http_status', status)).toBe('answered');
    },
  );

  it.each([408, 425, 429, 500, 502, 503, 504, 599, undefined])(
    'takes one that answers %d for one that fails',
    (status) => {
      expect(verdict('http_status', status)).toBe('failure');
    },
  );

  it.each(['redirect', 'secret_unavailable', 'invalid_url'] as const)('does not blame an endpoint for %s', (error) => {
    expect(verdict(error)).toBe('answered');
  });

  it.each([
    'timeout',
    'dns_failed',
    'address_refused',
    'connection_refused',
    'connection_failed',
    'connection_closed',
    'tls_failed',
    'invalid_response',
  ] as const)('blames an endpoint for %s', (error) => {
    expect(verdict(error)).toBe('failure');
  });
});
