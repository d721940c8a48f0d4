import { type Clock, messageOf } from '#libs/domain';
import { AvroInput } from './avro-input.ts';
import { type DecodeResult, notAvro, rejected, type Rejected } from './decode-result.ts';
import { DecodedEvent } from './decoded-event.ts';
import { type CompiledReader, compileReader, type Envelope } from './envelope.ts';
import { type ReaderLookup, SchemaReaders, type WriterSchemas } from './schema-readers.ts';
import { schemaIdOf, WIRE_HEADER_BYTES } from './wire-format.ts';

/**
 * Turns a record's value into an event, with the schema it was written with: an added field, event type or
 * resource type needs no change here. The whole value is checked at once; the body is written when it is asked for.
 */
export class EventCodec {
  private readonly readers: SchemaReaders<CompiledReader>;

  constructor(schemas: WriterSchemas, clock: Clock) {
    this.readers = new SchemaReaders(schemas, clock, compileReader);
  }

  /** At once when the schema is known; a promise, which never rejects, while it is fetched for the first time. */
  decode(value: Buffer): DecodeResult | Promise<DecodeResult> {
    const schemaId = schemaIdOf(value);
    if (schemaId === undefined) return notAvro(value);
    const found = this.readers.of(schemaId);
    return found instanceof Promise ? found.then((reader) => readWith(reader, value)) : readWith(found, value);
  }
}

function readWith(found: ReaderLookup<CompiledReader>, value: Buffer): DecodeResult {
  return found.kind === 'reader' ? read(found.reader, value) : found;
}

function read(reader: CompiledReader, value: Buffer): DecodeResult {
  if (reader.kind === 'not_event') return rejected('missing_field', reader.message);
  const input = new AvroInput(value, WIRE_HEADER_BYTES);
  let envelope: Envelope;
  try {
    envelope = reader.readEnvelope(input);
  } catch (error) {
    return rejected('undecodable', messageOf(error));
  }
  if (input.position !== value.length) {
    return rejected('undecodable', `${value.length - input.position} bytes follow the record's end`);
  }
  const { id, type, resource_type: resourceType, customer_id: customerId, tm_create: tmCreate } = envelope;
  if (!id || !type || !resourceType || !customerId || !tmCreate) return missingField(envelope);
  const parts = { id, type, resourceType, customerId, tmCreate, resourceId: envelope.resourceId };
  return { kind: 'event', event: new DecodedEvent(parts, value, envelope.dataStart, reader.writeData) };
}

function missingField(envelope: Envelope): Rejected {
  const { id, type, resource_type, customer_id, tm_create } = envelope;
  const names = Object.entries({ id, type, resource_type, customer_id, tm_create })
    .filter(([, value]) => !value)
    .map(([name]) => `"${name}"`);
  return rejected('missing_field', `the event's ${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} null or empty`);
}
