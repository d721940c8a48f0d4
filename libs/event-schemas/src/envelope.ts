import avsc from 'avsc';
import type { AvroInput } from './avro-input.ts';
import { compileJsonWriter, branchOf, type WriteJson } from './json-writer.ts';
import { ENVELOPE_DATA, ENVELOPE_STRINGS, type EnvelopeString } from './schema-json.ts';
import { compileSkip, type Skip } from './skip.ts';

/** The envelope of one record: its strings, and where its data lies. A string is undefined when the record holds null for it. */
export interface Envelope {
  id: string | undefined;
  type: string | undefined;
  resource_type: string | undefined;
  customer_id: string | undefined;
  tm_create: string | undefined;
  resourceId: string;
  dataStart: number;
}

/** A writer's schema, compiled. */
export type CompiledReader =
  | {
      readonly kind: 'event';
      readonly readEnvelope: (input: AvroInput) => Envelope;
      readonly writeData: WriteJson;
    }
  /** The record is not an event: the schema lacks an envelope field, or has it in another type. */
  | { readonly kind: 'not_event'; readonly message: string };

type ReadString = (input: AvroInput) => string | undefined;
type ReadField = (input: AvroInput, envelope: Envelope) => void;

/** Compiles a writer's schema. Any record with the envelope's fields is an event, whatever else it holds and in whatever order. */
export function compileReader(type: avsc.Type): CompiledReader {
  if (!(type instanceof avsc.types.RecordType)) {
    return { kind: 'not_event', message: `the schema is a ${type.typeName}, not a record with the fields of an event` };
  }
  const readers: ReadField[] = [];
  let writeData: WriteJson | undefined;
  const missing = new Set<string>([...ENVELOPE_STRINGS, ENVELOPE_DATA]);
  for (const field of type.fields) {
    if (field.name === ENVELOPE_DATA) {
      writeData = compileJsonWriter(field.type);
      readers.push(dataReader(field.type));
    } else {
      const read = isEnvelopeString(field.name) ? envelopeReader(field.name, field.type) : undefined;
      if (!read) {
        const skip = compileSkip(field.type);
        readers.push((input) => skip(input));
        continue;
      }
      readers.push(read);
    }
    missing.delete(field.name);
  }
  if (missing.size > 0 || !writeData) {
    const names = [...missing].map((name) => `"${name}"`).join(', ');
    return { kind: 'not_event', message: `the record "${type.name ?? ''}" has no usable envelope field ${names}` };
  }
  return { kind: 'event', writeData, readEnvelope: (input) => readEnvelope(readers, input) };
}

function readEnvelope(readers: readonly ReadField[], input: AvroInput): Envelope {
  const envelope: Envelope = {
    id: undefined,
    type: undefined,
    resource_type: undefined,
    customer_id: undefined,
    tm_create: undefined,
    resourceId: '',
    dataStart: 0,
  };
  for (const read of readers) read(input, envelope);
  return envelope;
}

function isEnvelopeString(name: string): name is EnvelopeString {
  return ENVELOPE_STRINGS.some((known) => known === name);
}

function envelopeReader(name: EnvelopeString, type: avsc.Type): ReadField | undefined {
  const read = stringReader(type);
  if (!read) return undefined;
  return (input, envelope) => {
    envelope[name] = read(input);
  };
}

/** Reads a string, a symbol, or whichever branch of a union is one; undefined when the type has no string in it. */
function stringReader(type: avsc.Type): ReadString | undefined {
  if (type.typeName === 'string') return readString;
  if (type instanceof avsc.types.EnumType) {
    const { symbols } = type;
    return (input) => branchOf(symbols, input);
  }
  if (!(type instanceof avsc.types.WrappedUnionType)) return undefined;
  if (!type.types.some((branch) => stringReader(branch))) return undefined;
  const branches = type.types.map((branch) => stringReader(branch) ?? skipped(compileSkip(branch)));
  return (input) => branchOf(branches, input)(input);
}

function readString(input: AvroInput): string {
  const start = input.take(input.size());
  return input.bytes.toString('utf8', start, input.position);
}

function skipped(skip: Skip): ReadString {
  return (input) => {
    skip(input);
    return undefined;
  };
}

function dataReader(type: avsc.Type): ReadField {
  const readId = idReader(type) ?? skipped(compileSkip(type));
  return (input, envelope) => {
    envelope.dataStart = input.position;
    envelope.resourceId = readId(input) ?? '';
  };
}

/** Moves over the data and returns its `id`; undefined when the data cannot have one. */
function idReader(type: avsc.Type): ReadString | undefined {
  if (type instanceof avsc.types.WrappedUnionType) {
    const branches = type.types.map((branch) => idReader(branch) ?? skipped(compileSkip(branch)));
    return (input) => branchOf(branches, input)(input);
  }
  if (!(type instanceof avsc.types.RecordType)) return undefined;
  const at = type.fields.findIndex(({ name }) => name === 'id');
  const id = type.fields[at];
  const readId = id && stringReader(id.type);
  if (!readId) return undefined;
  const memo = new Map<avsc.Type, Skip>();
  const before = type.fields.slice(0, at).map((field) => compileSkip(field.type, memo));
  const after = type.fields.slice(at + 1).map((field) => compileSkip(field.type, memo));
  return (input) => {
    input.enter();
    for (const skip of before) skip(input);
    const value = readId(input);
    for (const skip of after) skip(input);
    input.leave();
    return value;
  };
}
