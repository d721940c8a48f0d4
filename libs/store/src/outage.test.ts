import { describe, expect, it } from '@jest/globals';
import { MongoServerError } from 'mongodb';

import { isOutage } from './outage.ts';

describe('an error of MongoDB', () => {
  it.each([
    ['a member that is no primary', 10_107],
    ['a server that is shutting down', 91],
    ['a write that another one came before, under load', 112],
  ])('of %s is an outage: the same will be answered later', (_, code) => {
    expect(isOutage(new MongoServerError({ errmsg: 'refused', code }))).toBe(true);
  });

  it.each([
    ['a value that is taken', 11_000],
    ['a document that does not pass', 121],
  ])('of %s is not: it would be refused again', (_, code) => {
    expect(isOutage(new MongoServerError({ errmsg: 'refused', code }))).toBe(false);
  });
});
