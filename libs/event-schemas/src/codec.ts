import { assertNever, type Clock, messageOf } from '#libs/domain';
import { AvroInput } from './avro-input.ts';
import { type DecodeResult, rejected, type Rejected, type Unavailable } from './decode-result.ts';
import { DecodedEvent } from './decoded-event.ts';
import { type CompiledReader, compileReader, type Envelope } from './envelope.ts';
import type { SchemaLookup } from './schema-lookup.ts';
import { schemaIdOf, WIRE_HEADER_BYTES } from './wire-format.ts';

/** How long a failed look-up is remembered, so that a thousand records do not each wait for the registry. */
const FAILURE_MS = 1_000;
const UNSUPPORTED_MS = 60_000;
const MAX_FAILURES = 10_000;

interface Failure {
  readonly result: Rejected | Unavailable;
  readonly until: number;
}

/** Finds the writer's schema of an id. It never throws, and answers within a bounded time. */
export interface WriterSchemas {
  find(schemaId: number): Promise<SchemaLookup>;
}

/**
 * Turns a record's value into an event, with the schema it was written with: an added field, event type or
 * resource type needs no change here. The whole value is checked at once; the body is written when it is asked for.
 */
export class EventCodec {
  private readonly schemas: WriterSchemas;
  private readonly clock: Clock;
  private readonly readers = new Map<number, CompiledReader>();
  private readonly failures = new Map<number, Failure>();
  private readonly loading = new Map<number, Promise<CompiledReader | Failure>>();

  constructor(schemas: WriterSchemas, clock: Clock) {
    this.schemas = schemas;
    this.clock = clock;
  }

  /** At once when the schema is known; a promise, which never rejects, while it is fetched for the first time. */
  decode(value: Buffer): DecodeResult | Promise<DecodeResult> {
    const schemaId = schemaIdOf(value);
    if (schemaId === undefined) {
      return rejected('not_avro', `the value (${value.length} bytes) does not begin with a zero byte and a schema id`);
    }
    const reader = this.readers.get(schemaId);
    if (reader) return read(reader, value);
    const failure = this.failures.get(schemaId);
    if (failure && this.clock.now() < failure.until) return failure.result;
    return this.readerFor(schemaId).then((found) => ('kind' in found ? read(found, value) : found.result));
  }

  private readerFor(schemaId: number): Promise<CompiledReader | Failure> {
    const underway = this.loading.get(schemaId);
    if (underway) return underway;
    const load = this.load(schemaId).finally(() => this.loading.delete(schemaId));
    this.loading.set(schemaId, load);
    return load;
  }

  private async load(schemaId: number): Promise<CompiledReader | Failure> {
    const lookup = await this.schemas.find(schemaId);
    switch (lookup.kind) {
      case 'found':
        try {
          const reader = compileReader(lookup.type);
          this.readers.set(schemaId, reader);
          this.failures.delete(schemaId);
          return reader;
        } catch (error) {
          const message = `schema ${schemaId} cannot be used: ${messageOf(error)}`;
          return this.remember(schemaId, rejected('unsupported_schema', message), UNSUPPORTED_MS);
        }
      case 'unknown':
        return this.remember(schemaId, rejected('unknown_schema', lookup.message), FAILURE_MS);
      case 'unsupported':
        return this.remember(schemaId, rejected('unsupported_schema', lookup.message), UNSUPPORTED_MS);
      case 'unavailable':
        return this.remember(schemaId, { kind: 'unavailable', cause: lookup.cause }, FAILURE_MS);
      default:
        return assertNever(lookup);
    }
  }

  private remember(schemaId: number, result: Rejected | Unavailable, milliseconds: number): Failure {
    if (this.failures.size >= MAX_FAILURES) this.failures.clear();
    const failure = { result, until: this.clock.now() + milliseconds };
    this.failures.set(schemaId, failure);
    return failure;
  }
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
