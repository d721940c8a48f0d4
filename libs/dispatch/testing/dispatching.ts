import { randomBytes } from 'node:crypto';

import { systemClock, type Webhook } from '#libs/domain';
import { SecretBox } from '#libs/runtime';
import ipaddr from 'ipaddr.js';

import { type AttemptRequest, Dispatcher, type DispatcherOptions } from '../src/attempt/dispatcher.ts';

export const box = new SecretBox([randomBytes(32)]);
/** What the webhooks below sign with. */
export const secret = randomBytes(32);
const sealed = box.seal(secret);

/** Reaches endpoints on loopback, also without TLS. */
export function newDispatcher(options: Partial<DispatcherOptions> & Pick<DispatcherOptions, 'timeoutMs'>): Dispatcher {
  return new Dispatcher({
    secretBox: box,
    clock: systemClock,
    allowedNetworks: [ipaddr.parseCIDR('127.0.0.0/8'), ipaddr.parseCIDR('::1/128')],
    allowHttp: true,
    ...options,
  });
}

export function webhookAt(url: string, changes: Partial<Webhook> = {}): Webhook {
  return {
    id: 'w-1',
    customerId: 'c-1',
    url,
    eventTypes: ['*'],
    status: 'active',
    success: '200',
    signatures: ['standard'],
    secrets: [{ sealed }],
    ...changes,
  };
}

/** The first attempt of a small event. */
export function requestTo(url: string, changes: Partial<Webhook> = {}): AttemptRequest {
  return {
    webhook: webhookAt(url, changes),
    eventId: 'e-1',
    body: Buffer.from('{}'),
    sequence: '0.1',
    attempt: 1,
  };
}
