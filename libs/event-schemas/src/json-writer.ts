import avsc from 'avsc';
import { type AvroInput, UndecodableError } from './avro-input.ts';
import type { JsonOutput } from './json-output.ts';
import { omittedFields } from './writer-schema.ts';

/** Reads one value and writes its JSON. */
export type WriteJson = (input: AvroInput, output: JsonOutput) => void;

const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const OPEN_OBJECT = Buffer.from('{');
const CLOSE_OBJECT = Buffer.from('}');
const OPEN_ARRAY = Buffer.from('[');
const CLOSE_ARRAY = Buffer.from(']');
const COLON = Buffer.from(':');

/**
 * Compiles a writer's schema into a function that turns its Avro encoding into JSON, byte for byte: longs keep their
 * digits, bytes become base64, NaN and infinities null; unions are unwrapped; order is kept. Logical types are ignored.
 */
export function compileJsonWriter(type: avsc.Type, memo = new Map<avsc.Type, WriteJson>()): WriteJson {
  const known = memo.get(type);
  if (known) return known;
  const { types } = avsc;
  if (type instanceof types.RecordType) return recordWriter(type, memo);
  const write = ((): WriteJson => {
    if (type instanceof types.ArrayType) return arrayWriter(compileJsonWriter(type.itemsType, memo));
    if (type instanceof types.MapType) return mapWriter(compileJsonWriter(valuesOf(type), memo));
    if (type instanceof types.WrappedUnionType) {
      return unionWriter(type.types.map((branch) => compileJsonWriter(branch, memo)));
    }
    if (type instanceof types.EnumType) return enumWriter(type.symbols);
    if (type instanceof types.FixedType) return fixedWriter(type.size);
    return primitiveWriter(type.typeName);
  })();
  memo.set(type, write);
  return write;
}

function primitiveWriter(typeName: string): WriteJson {
  switch (typeName) {
    case 'null':
      return (_input, output) => output.raw(NULL);
    case 'boolean':
      return (input, output) => output.raw(input.boolean() ? TRUE : FALSE);
    case 'int':
    case 'long':
      return (input, output) => output.ascii(String(input.integer()));
    case 'float':
      return (input, output) => writeNumber(input.bytes.readFloatLE(input.take(4)), output);
    case 'double':
      return (input, output) => writeNumber(input.bytes.readDoubleLE(input.take(8)), output);
    case 'string':
      return writeText;
    case 'bytes':
      return (input, output) => writeBase64(input, input.size(), output);
    default:
      throw new Error(`the Avro type "${typeName}" is not supported`);
  }
}

function writeNumber(value: number, output: JsonOutput): void {
  if (Number.isFinite(value)) output.ascii(Object.is(value, -0) ? '-0' : String(value));
  else output.raw(NULL);
}

function writeText(input: AvroInput, output: JsonOutput): void {
  const start = input.take(input.size());
  output.text(input.bytes, start, input.position);
}

function writeBase64(input: AvroInput, length: number, output: JsonOutput): void {
  const start = input.take(length);
  output.ascii(`"${input.bytes.toString('base64', start, input.position)}"`);
}

function fixedWriter(size: number): WriteJson {
  return (input, output) => writeBase64(input, size, output);
}

function enumWriter(symbols: readonly string[]): WriteJson {
  const literals = symbols.map((symbol) => Buffer.from(JSON.stringify(symbol)));
  return (input, output) => output.raw(branchOf(literals, input));
}

function unionWriter(branches: readonly WriteJson[]): WriteJson {
  return (input, output) => branchOf(branches, input)(input, output);
}

/** The entry that the index in the input stands for. */
export function branchOf<T>(branches: readonly T[], input: AvroInput): T {
  const index = input.size();
  const branch = branches[index];
  if (branch === undefined) throw new UndecodableError(`the schema has no branch ${index} (before ${input.position})`);
  return branch;
}

function arrayWriter(writeItem: WriteJson): WriteJson {
  return (input, output) => {
    output.raw(OPEN_ARRAY);
    for (let count = input.blockCount(); count !== 0; count = input.blockCount()) {
      for (; count > 0; count--) {
        output.separate();
        writeItem(input, output);
      }
    }
    output.raw(CLOSE_ARRAY);
  };
}

function mapWriter(writeValue: WriteJson): WriteJson {
  return (input, output) => {
    output.raw(OPEN_OBJECT);
    for (let count = input.blockCount(); count !== 0; count = input.blockCount()) {
      for (; count > 0; count--) {
        output.separate();
        writeText(input, output);
        output.raw(COLON);
        writeValue(input, output);
      }
    }
    output.raw(CLOSE_OBJECT);
  };
}

function recordWriter(type: avsc.types.RecordType, memo: Map<avsc.Type, WriteJson>): WriteJson {
  const fields: WriteJson[] = [];
  const write: WriteJson = (input, output) => {
    input.enter();
    output.raw(OPEN_OBJECT);
    for (const writeField of fields) writeField(input, output);
    output.raw(CLOSE_OBJECT);
    input.leave();
  };
  memo.set(type, write);
  const omitted = omittedFields(type);
  let before: Before = 'nothing';
  for (const { name, type: fieldType } of type.fields) {
    const omitNull = omitted.has(name);
    fields.push(fieldWriter({ name, before, omitNull }, fieldType, memo));
    if (!omitNull) before = 'something';
    else if (before === 'nothing') before = 'perhaps';
  }
  return write;
}

/** Whether a field is written before this one in its record. */
type Before = 'nothing' | 'perhaps' | 'something';

function fieldWriter(
  { name, before, omitNull }: { readonly name: string; readonly before: Before; readonly omitNull: boolean },
  type: avsc.Type,
  memo: Map<avsc.Type, WriteJson>,
): WriteJson {
  const key = Buffer.from(`${before === 'something' ? ',' : ''}${JSON.stringify(name)}:`);
  const keyed = (write: WriteJson): WriteJson => {
    if (before === 'perhaps') {
      return (input, output) => {
        output.separate();
        output.raw(key);
        write(input, output);
      };
    }
    return (input, output) => {
      output.raw(key);
      write(input, output);
    };
  };
  if (!omitNull) return keyed(compileJsonWriter(type, memo));
  if (!(type instanceof avsc.types.WrappedUnionType)) {
    return type.typeName === 'null' ? leaveOut : keyed(compileJsonWriter(type, memo));
  }
  return unionWriter(
    type.types.map((branch) => (branch.typeName === 'null' ? leaveOut : keyed(compileJsonWriter(branch, memo)))),
  );
}

function leaveOut(): void {}

/** The type of a map's values (untyped in avsc's declarations). */
export function valuesOf(type: avsc.types.MapType): avsc.Type {
  const values: avsc.Type = type.valuesType;
  return values;
}
