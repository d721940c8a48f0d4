import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '#libs/domain';
import {
  MongoInvalidArgumentError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoTopologyClosedError,
} from 'mongodb';

import { isOutage } from './outage.ts';
import { Store } from './store.ts';

const serverError = (code: number): MongoServerError => new MongoServerError({ message: 'refused', code });

describe('Store', () => {
  it('says which setting is wrong when the driver cannot use the address', () => {
    expect(() => new Store({ uri: 'mongodb://127.0.0.1:27017/?replicaSet' })).toThrow(ConfigurationError);
    expect(() => new Store({ uri: 'mongodb://127.0.0.1:27017/?replicaSet' })).toThrow(/^MONGODB_URI cannot be used: /);
  });
});

describe('isOutage', () => {
  it.each([91, 189, 10_107, 11_600, 13_435, 64])('takes server code %i for an outage', (code) => {
    expect(isOutage(serverError(code))).toBe(true);
  });

  it.each([11_000, 13, 2, 121])('takes server code %i for a refusal', (code) => {
    expect(isOutage(serverError(code))).toBe(false);
  });

  it('tells lost connections from wrong use', () => {
    expect(isOutage(new MongoNetworkTimeoutError('no answer'))).toBe(true);
    expect(isOutage(new MongoTopologyClosedError('closed'))).toBe(true);
    expect(isOutage(new MongoInvalidArgumentError('wrong'))).toBe(false);
    expect(isOutage(new TypeError('wrong'))).toBe(false);
  });
});
