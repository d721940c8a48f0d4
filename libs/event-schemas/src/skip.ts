import avsc from 'avsc';
import type { AvroInput } from './avro-input.ts';
import { branchOf, valuesOf } from './json-writer.ts';

/** Moves over one value, checking all that reading it would check. */
export type Skip = (input: AvroInput) => void;

const skipBytes: Skip = (input) => void input.take(input.size());

/** Compiles a writer's schema into a function that moves over a value without building anything. */
export function compileSkip(type: avsc.Type, memo = new Map<avsc.Type, Skip>()): Skip {
  const known = memo.get(type);
  if (known) return known;
  const { types } = avsc;
  if (type instanceof types.RecordType) return recordSkip(type, memo);
  const skip = ((): Skip => {
    if (type instanceof types.ArrayType) return blockSkip(compileSkip(type.itemsType, memo));
    if (type instanceof types.MapType) {
      const skipValue = compileSkip(valuesOf(type), memo);
      return blockSkip((input) => {
        skipBytes(input);
        skipValue(input);
      });
    }
    if (type instanceof types.WrappedUnionType) {
      const branches = type.types.map((branch) => compileSkip(branch, memo));
      return (input) => branchOf(branches, input)(input);
    }
    if (type instanceof types.EnumType) {
      const { symbols } = type;
      return (input) => void branchOf(symbols, input);
    }
    if (type instanceof types.FixedType) {
      const { size } = type;
      return (input) => void input.take(size);
    }
    return primitiveSkip(type.typeName);
  })();
  memo.set(type, skip);
  return skip;
}

function primitiveSkip(typeName: string): Skip {
  switch (typeName) {
    case 'null':
      return () => {};
    case 'boolean':
      return (input) => void input.boolean();
    case 'int':
    case 'long':
      return (input) => void input.integer();
    case 'float':
      return (input) => void input.take(4);
    case 'double':
      return (input) => void input.take(8);
    case 'string':
    case 'bytes':
      return skipBytes;
    default:
      throw new Error(`the Avro type "${typeName}" is not supported`);
  }
}

function blockSkip(skipItem: Skip): Skip {
  return (input) => {
    for (let count = input.blockCount(); count !== 0; count = input.blockCount()) {
      for (; count > 0; count--) skipItem(input);
    }
  };
}

function recordSkip(type: avsc.types.RecordType, memo: Map<avsc.Type, Skip>): Skip {
  const fields: Skip[] = [];
  const skip: Skip = (input) => {
    input.enter();
    for (const skipField of fields) skipField(input);
    input.leave();
  };
  memo.set(type, skip);
  for (const field of type.fields) fields.push(compileSkip(field.type, memo));
  return skip;
}
