import { randomBytes } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { SecretBox } from '#libs/runtime';

import { ApiError } from '../../http/api-error.ts';
import { requestHeaders } from '../fields/request-headers.ts';
import { OwnHeaders, shownHeaders } from './own-headers.ts';

const box = new SecretBox([randomBytes(32)]);
const own = new OwnHeaders(box);

/** What is wrong with headers, each with its name in front. */
function problems(headers: unknown): string[] {
  const result = requestHeaders.safeParse(headers);
  return result.success ? [] : result.error.issues.map(({ path, message }) => [...path, message].join(': '));
}

describe('the headers of a webhook', () => {
  it.each([
    [{}],
    [null],
    [{ 'x-tenant': 'blue' }],
    [{ Authorization: 'Bearer a.b-c_d=' }],
    [{ "!#$%&'*+-.^_`|~1a": '"quoted", with spaces\tand a tab' }],
    [{ 'x-gone': null }],
    [Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`x-${index}`, 'v'.repeat(2_048)]))],
  ])('may be %j', (headers) => {
    expect(problems(headers)).toEqual([]);
  });

  it.each([
    [['x-a'], /must be an object of names and values/],
    [{ 'x-a': 7 }, /^x-a: must be text, or null/],
    [{ '': 'a' }, /is not the name of a header/],
    [{ 'x a': 'a' }, /^x a: is not the name of a header/],
    [{ 'x-ä': 'a' }, /is not the name of a header/],
    [{ 'x-a\r\nx-b': 'a' }, /is not the name of a header/],
    [{ [`x-${'a'.repeat(99)}`]: 'a' }, /at most 100 characters/],
    [{ 'x-a': 'b\r\nx-c: d' }, /^x-a: must be visible ASCII/],
    [{ 'x-a': 'b\nc' }, /must be visible ASCII/],
    [{ 'x-a': 'b\0' }, /must be visible ASCII/],
    [{ 'x-a': '' }, /must be visible ASCII/],
    [{ 'x-a': ' b' }, /spaces only between/],
    [{ 'x-a': 'b ' }, /spaces only between/],
    [{ 'x-a': 'é' }, /must be visible ASCII/],
    [{ 'x-a': 'v'.repeat(2_049) }, /at most 2048/],
    [{ 'x-a': '[hidden]' }, /leave the header out to keep its value/],
    [{ 'X-A': 'a', 'x-a': 'b' }, /^x-a: is given twice/],
    [Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, 'v'])), /at most 20 headers/],
  ])('may not be %j', (headers, message) => {
    expect(problems(headers)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    'Connection',
    'Keep-Alive',
    'Proxy-Authorization',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Host',
    'Content-Length',
    'Content-Encoding',
    'Expect',
  ])('may not have %s, which belongs to the connection or frames the body', (name) => {
    expect(problems({ [name]: 'a' })).toEqual([expect.stringMatching(/cannot be set/)]);
  });

  it.each([
    'Content-Type',
    'User-Agent',
    'Webhook-Id',
    'webhook-anything',
    'X-VoIPBIN-Signature',
    'Forwarded',
    'X-Forwarded-For',
    'X-Real-IP',
    'Via',
  ])('may not have %s, which is reserved', (name) => {
    expect(problems({ [name]: 'a' })).toEqual([expect.stringMatching(/is reserved/)]);
  });
});

describe('headers that are stored', () => {
  it('are in lower case; sensitive values are sealed, and hidden where they are shown', () => {
    const given = { 'X-Tenant': 'blue', Authorization: 'Bearer s3cret', 'x-api-key': 'k3y' };
    const stored = own.after(undefined, given) ?? [];
    expect(stored.map(({ name }) => name)).toEqual(['x-tenant', 'authorization', 'x-api-key']);
    expect(JSON.stringify(stored)).not.toMatch(/s3cret|k3y/);
    expect(stored.map((header) => ('sealed' in header ? box.open(header.sealed)?.toString() : header.value))).toEqual([
      'blue',
      'Bearer s3cret',
      'k3y',
    ]);
    expect(shownHeaders(stored)).toEqual({ 'x-tenant': 'blue', authorization: '[hidden]', 'x-api-key': '[hidden]' });
  });

  it.each([
    'Authorization',
    'Cookie',
    'X-Api-Key',
    'x-auth',
    'X-CSRF-Token',
    'client-secret',
    'x-password',
    'x-session',
  ])('keep the value of %s a secret', (name) => {
    const [header] = own.after(undefined, { [name]: 'hidden from view' }) ?? [];
    expect(header && 'sealed' in header).toBe(true);
  });

  it('are changed one by one: what is not named stays, and null removes', () => {
    const before = own.after(undefined, { 'x-a': '1', 'x-b': '2', 'x-token': 't' }) ?? [];
    expect(shownHeaders(own.after(before, { 'X-A': '9', 'x-b': null, 'x-c': '3' }) ?? [])).toEqual({
      'x-a': '9',
      'x-token': '[hidden]',
      'x-c': '3',
    });
    expect(own.after(before, undefined)).toBeUndefined();
    expect([own.after(before, null), own.after(before, { 'x-a': null, 'x-b': null, 'x-token': null })]).toEqual([
      null,
      null,
    ]);
  });

  it('stay as they are stored when the same is given again', () => {
    const before = own.after(undefined, { 'x-token': 't', 'x-a': '1' }) ?? [];
    expect(own.after(before, { 'X-Token': 't', 'x-a': '1' })).toEqual(before);
    expect(own.after(before, { 'X-Token': 'u' })).not.toEqual(before);
  });

  it('are no more than 20, those that were there counted', () => {
    const before =
      own.after(undefined, Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`x-${at}`, 'v']))) ?? [];
    expect(() => own.after(before, { 'x-one-more': 'v' })).toThrow(ApiError);
    expect(own.after(before, { 'x-0': null, 'x-one-more': 'v' })).toHaveLength(20);
  });
});
