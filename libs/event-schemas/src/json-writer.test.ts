import { describe, expect, it } from '@jest/globals';
import avsc from 'avsc';
import * as fc from 'fast-check';
import { AvroInput, UndecodableError } from './avro-input.ts';
import { JsonOutput } from './json-output.ts';
import { compileJsonWriter } from './json-writer.ts';
import type { JsonValue } from './schema-json.ts';
import { compileSkip } from './skip.ts';
import { writerSchemaOptions } from './writer-schema.ts';

const output = new JsonOutput();

function compile(schema: JsonValue): avsc.Type {
  const definition: avsc.schema.AvroSchema = JSON.parse(JSON.stringify(schema));
  return avsc.Type.forSchema(definition, writerSchemaOptions());
}

function jsonOf(schema: JsonValue, bytes: Buffer): string {
  const type = compile(schema);
  const skipped = new AvroInput(bytes, 0);
  compileSkip(type)(skipped);
  expect(skipped.position).toBe(bytes.length);
  const input = new AvroInput(bytes, 0);
  output.reset();
  compileJsonWriter(type)(input, output);
  expect(input.position).toBe(bytes.length);
  return output.finish().toString();
}

/** The Avro encoding of a long, by the book: zigzag, then seven bits a byte. */
function longBytes(value: bigint): Buffer {
  let coded = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const bytes: number[] = [];
  for (; coded > 0x7fn; coded >>= 7n) bytes.push(Number(coded & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(coded)]);
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([longBytes(BigInt(bytes.length)), bytes]);
}

/** A schema, a value's Avro encoding, and the JSON it must become: built side by side, without the code under test. */
interface Case {
  readonly schema: JsonValue;
  readonly bytes: Buffer;
  readonly json: string;
}

let names = 0;
const leaf: fc.Arbitrary<Case> = fc.oneof(
  fc.constant({ schema: 'null', bytes: Buffer.alloc(0), json: 'null' }),
  fc.boolean().map((value) => ({ schema: 'boolean', bytes: Buffer.from([Number(value)]), json: String(value) })),
  fc.integer().map((value) => ({ schema: 'int', bytes: longBytes(BigInt(value)), json: String(value) })),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .chain((value) => fc.integer({ min: 0, max: 63 }).map((shift) => value >> BigInt(shift)))
    .map((value) => ({ schema: 'long', bytes: longBytes(value), json: String(value) })),
  fc.double().map((value) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return { schema: 'double', bytes, json: Object.is(value, -0) ? '-0' : JSON.stringify(value) };
  }),
  fc.float().map((value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return { schema: 'float', bytes, json: Object.is(value, -0) ? '-0' : JSON.stringify(value) };
  }),
  fc.oneof(fc.string({ unit: 'binary', maxLength: 700 }), fc.string({ unit: 'binary-ascii' })).map((value) => ({
    schema: 'string',
    bytes: sized(Buffer.from(value)),
    json: JSON.stringify(value),
  })),
  fc.uint8Array().map((value) => ({
    schema: 'bytes',
    bytes: sized(Buffer.from(value)),
    json: `"${Buffer.from(value).toString('base64')}"`,
  })),
  fc.uint8Array({ minLength: 3, maxLength: 3 }).map((value) => ({
    schema: { type: 'fixed', name: `F${names++}`, size: 3 },
    bytes: Buffer.from(value),
    json: `"${Buffer.from(value).toString('base64')}"`,
  })),
  fc.constantFrom('A', 'B', 'C').map((symbol) => ({
    schema: { type: 'enum', name: `E${names++}`, symbols: ['A', 'B', 'C'] },
    bytes: longBytes(BigInt('ABC'.indexOf(symbol))),
    json: `"${symbol}"`,
  })),
);

const { value: anyCase } = fc.letrec<{ value: Case }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    recordOf(tie('value')),
    listOf(tie('value')),
    mapOf(tie('value')),
    unionOf(tie('value')),
  ),
}));

function recordOf(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return fc.array(fc.tuple(inner, fc.boolean()), { maxLength: 6 }).map((fields) => ({
    schema: {
      type: 'record',
      name: `R${names++}`,
      fields: fields.map(([{ schema }, omit], index) => ({
        name: `f${index}`,
        type: schema,
        ...(omit && { whenNull: 'omit' }),
      })),
    },
    bytes: Buffer.concat(fields.map(([{ bytes }]) => bytes)),
    json: `{${fields
      .map(([{ schema, json }, omit], index) => {
        const isNull = json === 'null' && (schema === 'null' || (Array.isArray(schema) && schema[0] === 'null'));
        return omit && isNull ? undefined : `"f${index}":${json}`;
      })
      .filter((member) => member !== undefined)
      .join(',')}}`,
  }));
}

/** The same value several times, split into blocks, with and without their byte size. */
function listOf(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return fc.tuple(inner, fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()))).map(([item, blocks]) => ({
    schema: { type: 'array', items: item.schema },
    bytes: blocked(blocks, () => item.bytes),
    json: `[${Array.from({ length: total(blocks) }, () => item.json).join(',')}]`,
  }));
}

function mapOf(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return fc.tuple(inner, fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()))).map(([item, blocks]) => {
    const keys = Array.from({ length: total(blocks) }, (_, index) => (index === 1 ? '__proto__' : `${9 - index}"ü`));
    return {
      schema: { type: 'map', values: item.schema },
      bytes: blocked(blocks, (index) => Buffer.concat([sized(Buffer.from(keys[index] ?? '')), item.bytes])),
      json: `{${keys.map((key) => `${JSON.stringify(key)}:${item.json}`).join(',')}}`,
    };
  });
}

function unionOf(inner: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return fc.tuple(inner, fc.boolean()).map(([item, isNull]) => {
    if (item.schema === 'null' || Array.isArray(item.schema)) return item;
    const schema: JsonValue = ['null', item.schema];
    if (isNull) return { schema, bytes: longBytes(0n), json: 'null' };
    return { schema, bytes: Buffer.concat([longBytes(1n), item.bytes]), json: item.json };
  });
}

function total(blocks: readonly (readonly [number, boolean])[]): number {
  return blocks.reduce((sum, [count]) => sum + count, 0);
}

function blocked(blocks: readonly (readonly [number, boolean])[], itemBytes: (index: number) => Buffer): Buffer {
  let index = 0;
  const parts = blocks.flatMap(([count, withSize]) => {
    const items = Buffer.concat(Array.from({ length: count }, () => itemBytes(index++)));
    return withSize
      ? [longBytes(BigInt(-count)), longBytes(BigInt(items.length)), items]
      : [longBytes(BigInt(count)), items];
  });
  return Buffer.concat([...parts, longBytes(0n)]);
}

describe('Avro to JSON', () => {
  it('is exact for any schema and value', () => {
    fc.assert(
      fc.property(anyCase, ({ schema, bytes, json }) => {
        expect(jsonOf(schema, bytes)).toBe(json);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [-0, '-0'],
    [NaN, 'null'],
    [Infinity, 'null'],
    [-Infinity, 'null'],
    [1e21, '1e+21'],
  ])('writes the double %p as %s', (value, json) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    expect(jsonOf('double', bytes)).toBe(json);
  });

  it('replaces invalid UTF-8 as every decoder does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
        const bytes = Buffer.from(raw);
        expect(jsonOf('string', sized(bytes))).toBe(JSON.stringify(bytes.toString('utf8')));
      }),
      { numRuns: 2_000 },
    );
  });

  it('sends the underlying value of a logical type, and follows recursive records', () => {
    expect(jsonOf({ type: 'long', logicalType: 'timestamp-millis' }, longBytes(5n))).toBe('5');
    const list = { type: 'record', name: 'L', fields: [{ name: 'next', type: ['null', 'L'] }] };
    expect(jsonOf(list, Buffer.from([2, 2, 0]))).toBe('{"next":{"next":{"next":null}}}');
  });

  it("reads a schema whose default is wrong: the writer's own values need none", () => {
    const schema = { type: 'record', name: 'D', fields: [{ name: 'n', type: 'long', default: 'wrong' }] };
    expect(jsonOf(schema, longBytes(1n))).toBe('{"n":1}');
  });

  it.each<[string, JsonValue, readonly number[]]>([
    ['a length beyond the end', 'string', [20, 0x61]],
    ['a negative length', 'bytes', [1]],
    ['an integer longer than 64 bits', 'long', Array.from({ length: 11 }, () => 0x80)],
    ['an integer that ends early', 'long', [0x80]],
    ['a branch that the union lacks', ['null', 'string'], [4]],
    ['a symbol that the enum lacks', { type: 'enum', name: 'E', symbols: ['A'] }, [2]],
    ['a byte that is no boolean', 'boolean', [2]],
    ['more items than bytes could hold', { type: 'array', items: 'null' }, [0x80, 0x80, 0x80, 0x80, 0x10]],
    [
      'records nested without end',
      { type: 'record', name: 'L', fields: [{ name: 'next', type: ['null', 'L'] }] },
      Array.from({ length: 100_000 }, () => 2),
    ],
  ])('refuses %s', (_case, schema, bytes) => {
    const type = compile(schema);
    expect(() => compileSkip(type)(new AvroInput(Buffer.from(bytes), 0))).toThrow(UndecodableError);
    expect(() => compileJsonWriter(type)(new AvroInput(Buffer.from(bytes), 0), new JsonOutput())).toThrow(
      UndecodableError,
    );
  });
});
