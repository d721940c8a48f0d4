import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { admits } from './admits.ts';
import { filterJson } from './filter-json.ts';
import { readFilter } from './read-filter.ts';

const event = {
  id: 'e-1',
  type: 'call_hangup',
  resource_type: 'call',
  tm_create: '2026-11-24T10:43:09.065Z',
  data: {
    activeflow_id: 'a-1',
    duration: 61,
    ratio: 0.5,
    huge: 9_007_199_254_740_993n,
    muted: false,
    reason: null,
    tags: ['red', 'blue'],
    legs: [{ target: '+1', cost: 3 }, { target: '+2', cost: 9 }, { target: null }],
    grid: [[1, 2], [3]],
    source: { target: '+821', 'odd name': 'x' },
    constructor: 'own',
  },
};

function wants(json: unknown): boolean {
  const reading = readFilter(json);
  if (reading.kind === 'wrong') throw new Error(JSON.stringify(reading.problem));
  return admits(reading.filter, event);
}
const on = (field: string, comparison: object): boolean => wants({ field, ...comparison });

describe('a condition', () => {
  it.each([
    ['data.activeflow_id', { equals: 'a-1' }, true],
    ['data.activeflow_id', { equals: 'a-2' }, false],
    ['data.activeflow_id', { equals: 'A-1' }, false],
    ['type', { equals: 'call_hangup' }, true],
    ['id', { in: ['e-0', 'e-1'] }, true],
    ['resource_type', { in: ['queue'] }, false],
    ['data.duration', { equals: 61 }, true],
    ['data.duration', { equals: '61' }, false],
    ['data.duration', { in: [1, 61] }, true],
    ['data.muted', { equals: false }, true],
    ['data.muted', { equals: 0 }, false],
    ['data.source.target', { equals: '+821' }, true],
    ['data.source.odd name', { equals: 'x' }, true],
    ['data.source', { equals: '+821' }, false],
  ])('on %s with %j is %s', (field, comparison, expected) => {
    expect(on(field, comparison)).toBe(expected);
  });

  it.each([
    [{ gt: 60 }, true],
    [{ gt: 61 }, false],
    [{ gte: 61 }, true],
    [{ gte: 61.5 }, false],
    [{ lt: 62 }, true],
    [{ lt: 61 }, false],
    [{ lte: 61 }, true],
    [{ lte: 60 }, false],
    [{ gt: 60, lt: 62 }, true],
    [{ gt: 60, lt: 61 }, false],
  ])('compares 61 with %j: %s', (comparison, expected) => {
    expect(on('data.duration', comparison)).toBe(expected);
  });

  it('compares numbers only: text that looks like one, a time and a list of them are not smaller or larger', () => {
    expect(on('tm_create', { gt: 0 })).toBe(false);
    expect(on('data.tags', { lt: 100 })).toBe(false);
    expect(on('data.muted', { gte: 0 })).toBe(false);
  });

  it('counts every digit of a whole number that a double cannot hold', () => {
    expect(on('data.huge', { gt: Number.MAX_SAFE_INTEGER })).toBe(true);
    expect(
      admits(
        { kind: 'condition', path: ['n'], comparisons: [{ kind: 'equals', value: 2 ** 53 }] },
        { n: 2n ** 53n + 1n },
      ),
    ).toBe(false);
  });

  it.each([
    ['data.activeflow_id', true],
    ['data.muted', true],
    ['data.tags', true],
    ['data.source', true],
    ['data.reason', false],
    ['data.nothing', false],
    ['data.nothing.at.all', false],
    ['data.activeflow_id.length', false],
    ['data.tags.length', false],
    ['data.toString', false],
    ['data.__proto__', false],
  ])('finds %s there: %s', (field, isThere) => {
    expect(on(field, { exists: isThere })).toBe(true);
    expect(on(field, { exists: !isThere })).toBe(false);
  });

  it('finds a field by its own name only', () => {
    expect(on('data.constructor', { equals: 'own' })).toBe(true);
  });

  it('holds where one element of a list fulfils all of it', () => {
    expect(on('data.tags', { equals: 'blue' })).toBe(true);
    expect(on('data.tags', { equals: 'green' })).toBe(false);
    expect(on('data.legs.target', { equals: '+2' })).toBe(true);
    expect(on('data.legs.cost', { gt: 2, lt: 4 })).toBe(true);
    expect(on('data.legs.cost', { gt: 4, lt: 8 })).toBe(false);
    expect(on('data.grid', { equals: 3 })).toBe(true);
  });
});

describe('a group', () => {
  const yes = { field: 'id', equals: 'e-1' };
  const no = { field: 'id', equals: 'e-2' };

  it.each([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ any: [{ all: [yes, no] }, { all: [yes, { any: [no, yes] }] }] }, true],
  ])('%j is %s', (filter, expected) => {
    expect(wants(filter)).toBe(expected);
  });
});

describe('a filter that is wrong', () => {
  const condition = { field: 'data.a', equals: 1 };
  const nested = (levels: number): object => (levels === 1 ? condition : { all: [nested(levels - 1)] });

  it.each([
    [null, [], /^must be \{"field"/],
    ['data.a', [], /^must be \{"field"/],
    [[condition], [], /^must be \{"field"/],
    [{}, ['field'], /must name a field/],
    [{ field: 'data.a' }, [], /needs at least one of equals/],
    [{ field: 7, equals: 1 }, ['field'], /must name a field/],
    [{ field: '', equals: 1 }, ['field'], /must name a field/],
    [{ field: 'data..a', equals: 1 }, ['field'], /must name a field/],
    [{ field: 'data.', equals: 1 }, ['field'], /must name a field/],
    [{ field: `data.${'a'.repeat(196)}`, equals: 1 }, ['field'], /at most 200 characters/],
    [{ field: 'status', equals: 1 }, ['field'], /begins with "status".*"data.status"/],
    [{ field: 'data.a', is: 1 }, ['is'], /not a comparison; use equals/],
    [{ field: 'data.a', equals: null }, ['equals'], /use "exists": false/],
    [{ field: 'data.a', equals: [1] }, ['equals'], /must be text, a number/],
    [{ field: 'data.a', equals: 2n ** 60n }, ['equals'], /beyond 2\^53/],
    [{ field: 'data.a', equals: 'x'.repeat(501) }, ['equals'], /at most 500/],
    [{ field: 'data.a', in: [] }, ['in'], /list of 1 to 100/],
    [{ field: 'data.a', in: 'ab' }, ['in'], /list of 1 to 100/],
    [{ field: 'data.a', in: Array.from({ length: 101 }, String) }, ['in'], /list of 1 to 100/],
    [{ field: 'data.a', in: ['a', {}] }, ['in', 1], /must be text/],
    [{ field: 'data.a', exists: 'yes' }, ['exists'], /true or false/],
    [{ field: 'data.a', exists: false, equals: 1 }, ['exists'], /beside another/],
    [{ field: 'data.a', gt: '5' }, ['gt'], /must be a number/],
    [{ all: [] }, ['all'], /non-empty list/],
    [{ any: condition }, ['any'], /non-empty list/],
    [{ all: [condition], any: [condition] }, ['any'], /must not stand beside "all"/],
    [{ all: [condition, { any: [{ field: 'data.a', gt: 'x' }] }] }, ['all', 1, 'any', 0, 'gt'], /must be a number/],
    [nested(6), ['all', 0, 'all', 0, 'all', 0, 'all', 0, 'all', 0], /deeper than 5 levels/],
    [{ any: Array.from({ length: 51 }, () => condition) }, ['any', 50], /at most 50 conditions/],
  ])('%j says so at %j', (json, path, message) => {
    expect(readFilter(json)).toEqual({ kind: 'wrong', problem: { path, message: expect.stringMatching(message) } });
  });

  it('is allowed up to its bounds', () => {
    expect(readFilter(nested(5)).kind).toBe('read');
    expect(readFilter({ any: Array.from({ length: 50 }, () => condition) }).kind).toBe('read');
    expect(readFilter({ field: 'data.a', in: Array.from({ length: 100 }, String) }).kind).toBe('read');
  });
});

it('a filter is shown as it was given', () => {
  const scalar = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const field = fc.constantFrom('id', 'data.a', 'data.a.b c');
  const condition = fc.oneof(
    fc.record({ field, equals: scalar }),
    fc.record({ field, in: fc.array(scalar, { minLength: 1, maxLength: 5 }) }),
    fc.record({ field, exists: fc.boolean() }),
    fc.record({ field, gt: fc.integer(), lte: fc.integer() }),
  );
  const filter = fc.oneof(
    condition,
    fc.record({ any: fc.array(condition, { minLength: 1, maxLength: 3 }) }),
    fc.record({
      all: fc.array(fc.record({ any: fc.array(condition, { minLength: 1, maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  );
  fc.assert(
    fc.property(filter, (json) => {
      const reading = readFilter(json);
      expect(reading.kind === 'read' && filterJson(reading.filter)).toEqual(json);
    }),
  );
});

it('whatever is given is read or said to be wrong, and what is read can judge whatever comes', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (json, given) => {
      const reading = readFilter(json);
      if (reading.kind === 'read') expect(typeof admits(reading.filter, given)).toBe('boolean');
      else expect(reading.problem.message).not.toBe('');
      expect(
        typeof admits({ kind: 'condition', path: ['a', '0'], comparisons: [{ kind: 'lt', bound: 3 }] }, given),
      ).toBe('boolean');
    }),
  );
});
