import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodingType } from './avro-value.ts';
import { loadCatalogue } from './catalogue.ts';
import { type FieldProblem, fromJson } from './from-json.ts';
import type { ResourceTypeEntry } from './resource-type.ts';
import type { JsonValue } from './schema-json.ts';

const catalogue = loadCatalogue(join(import.meta.dirname, '../../../schemas'));
const envelope = { id: 'e', type: 'call_hangup', resource_type: 'call', customer_id: 'c', tm_create: 't' };

function problems(resourceType: string, data: unknown, overrides = {}): readonly FieldProblem[] {
  const entry = catalogue.resourceTypes.get(resourceType);
  if (!entry) throw new Error(resourceType);
  const result = fromJson(entry, { ...envelope, data, ...overrides });
  return result.ok ? [] : result.details;
}

/** The value of a field of the given type, and what comes back from its Avro bytes. */
function field(type: JsonValue, json: unknown) {
  const fields = [{ name: 'f', type }];
  const [call] = catalogue.resourceTypes.values();
  if (!call) throw new Error('the catalogue is empty');
  const entry: ResourceTypeEntry = { ...call, avroType: encodingType({ type: 'record', name: 'R', fields }) };
  const result = fromJson(entry, { f: json });
  if (!result.ok) return result;
  return { ...result, decoded: entry.avroType.fromBuffer(entry.avroType.toBuffer(result.value)).f };
}

describe('fromJson', () => {
  it('accepts an event with every optional field left out', () => {
    for (const resourceType of catalogue.resourceTypes.keys()) expect(problems(resourceType, {})).toEqual([]);
  });

  it('names the path of what is wrong', () => {
    expect(problems('call', { source: { type: 5 }, recording_ids: ['a', 1], tm_create: false })).toEqual([
      { field: 'data.recording_ids[1]', message: 'must be a string, not 1' },
      { field: 'data.source.type', message: 'must be a string, not 5' },
      { field: 'data.tm_create', message: 'must be a string, not false' },
    ]);
    expect(problems('message', { targets: [{ parts: 'two' }] })).toEqual([
      {
        field: 'data.targets[0].parts',
        message: 'must be a 64-bit integer (beyond 2^53 as a string of digits), not "two"',
      },
    ]);
    expect(problems('call', null)).toEqual([{ field: 'data', message: 'must be an object, not null' }]);
  });

  it('asks for what is required', () => {
    expect(problems('call', {}, { id: undefined, data: undefined })).toEqual([
      { field: 'id', message: 'is required' },
      { field: 'data', message: 'is required' },
    ]);
  });

  it('refuses a field that the schema lacks, with the nearest name', () => {
    expect(problems('call', { direktion: 'incoming' }, { colour: 'red' })).toEqual([
      { field: 'colour', message: 'is not a field of voipbin.events.CallEvent' },
      { field: 'data.direktion', message: 'is not a field of voipbin.resources.Call; did you mean "direction"?' },
    ]);
  });

  it('refuses null where the field has no null', () => {
    expect(problems('call', { id: null })).toEqual([{ field: 'data.id', message: 'must be a string, not null' }]);
  });

  it('takes a free-form object three levels down, and no further', () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : { inner: deep(levels - 1) });
    expect(problems('call', { metadata: deep(4) })).toEqual([]);
    expect(problems('call', { metadata: deep(5) })).toHaveLength(1);
    expect(problems('account', { provider_data: ['x', 1.5, { y: [true, null] }] })).toEqual([]);
  });

  it.each<[string, JsonValue, unknown, unknown]>([
    ['a long from digits', 'long', '9223372036854775807', 9223372036854775807n],
    ['a long from a bigint', 'long', -9007199254740993n, -9007199254740993n],
    ['a long in a union', ['null', 'long'], 9007199254740993n, { long: 9007199254740993n }],
    ['an integer as long, in a union with double', ['null', 'long', 'double'], 3, { long: 3 }],
    ['a fraction as double, in a union with long', ['null', 'long', 'double'], 3.5, { double: 3.5 }],
    ['a huge number as double', ['null', 'long', 'double'], 1e300, { double: 1e300 }],
    ['a whole number beyond 2^53 as double', 'double', 2n ** 64n, 2 ** 64],
    ['digits as string, in a union with long', ['long', 'string'], '12', { string: '12' }],
    ['bytes from base64', 'bytes', 'AP8=', Buffer.from([0, 255])],
    ['a symbol before a string', [{ type: 'enum', name: 'E', symbols: ['A'] }, 'string'], 'B', { string: 'B' }],
  ])('takes %s', (_case, type, json, decoded) => expect(field(type, json)).toMatchObject({ ok: true, decoded }));

  it.each<[string, JsonValue, unknown]>([
    ['a long beyond 64 bits', 'long', '9223372036854775808'],
    ['a number beyond 2^53 as long, which has lost digits', 'long', 2 ** 53],
    ['a fraction as long', 'long', 1.5],
    ['an int beyond 32 bits', 'int', 2 ** 31],
    ['what is not base64', 'bytes', 'a'],
    ['a fixed of another size', { type: 'fixed', name: 'F', size: 2 }, 'AP8A'],
    ['an unknown symbol', { type: 'enum', name: 'E', symbols: ['A'] }, 'B'],
  ])('refuses %s', (_case, type, json) => expect(field(type, json).ok).toBe(false));
});
