import avsc from 'avsc';
import { ATTEMPT_RESULTS, type AttemptRecord, type Clock, CodedError, messageOf, NEXT_STEPS } from '#libs/domain';
import { notAvro, rejected, type Rejected, type Unavailable } from './decode-result.ts';
import type { RegistryAddress } from './registry-address.ts';
import { registerSchema } from './registration.ts';
import type { JsonObject } from './schema-json.ts';
import { type ReaderLookup, SchemaReaders, type WriterSchemas } from './schema-readers.ts';
import { fullNameOf } from './shared-types.ts';
import { schemaIdOf, WIRE_HEADER_BYTES, writeWireHeader } from './wire-format.ts';

const INITIAL_BYTES = 4 * 1024;

/** The record's fields as `schemas/internal/webhook_attempt.avsc` names them. */
interface AvroAttempt {
  readonly id: string;
  readonly webhook_id: string;
  readonly customer_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly resource_type: string;
  readonly origin_partition: number;
  readonly origin_offset: number;
  readonly attempt: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly at: number;
  readonly total_ms: number;
  readonly dns_ms: number | null;
  readonly connect_ms: number | null;
  readonly tls_ms: number | null;
  readonly first_byte_ms: number | null;
  readonly status: number | null;
  readonly response_excerpt: Buffer | null;
  readonly next: string;
  readonly next_tier: string | null;
  readonly next_at: number | null;
  readonly next_reason: string | null;
  readonly replay_id: string | null;
}

type Read = (value: Buffer) => AvroAttempt;

export type AttemptRecordResult = { readonly kind: 'record'; readonly record: AttemptRecord } | Rejected | Unavailable;

/** Attempt records in the registry's wire format. Writers and readers may have older or newer versions of the schema. */
export class AttemptRecordCodec {
  private readonly schema: JsonObject;
  private readonly registry: RegistryAddress;
  private readonly type: avsc.Type;
  private readonly readers: SchemaReaders<Read>;
  private schemaId: number | undefined;
  private registering: Promise<void> | undefined;
  private scratch = Buffer.allocUnsafe(INITIAL_BYTES);

  /** @param given.schema `readInternalSchema(folder, 'webhook_attempt')` */
  constructor(given: {
    readonly schema: JsonObject;
    readonly registry: RegistryAddress;
    readonly writerSchemas: WriterSchemas;
    readonly clock: Clock;
  }) {
    this.schema = given.schema;
    this.registry = given.registry;
    const type = compile(given.schema);
    this.type = type;
    this.readers = new SchemaReaders(given.writerSchemas, given.clock, (writer) => readerFor(type, writer));
  }

  /**
   * Registers the schema, once; after that, `encode` can be used.
   * @throws RegistrationError when the registry is away or refuses the schema; the next call tries again
   */
  ready(): Promise<void> {
    this.registering ??= this.register().catch((error: unknown) => {
      this.registering = undefined;
      throw error;
    });
    return this.registering;
  }

  /** @throws CodedError `ATTEMPT_SCHEMA_NOT_REGISTERED` before `ready` has resolved. */
  encode(record: AttemptRecord): Buffer {
    if (this.schemaId === undefined) {
      throw new CodedError('ATTEMPT_SCHEMA_NOT_REGISTERED', 'the schema of attempt records has no id yet');
    }
    const attempt = toAvro(record);
    let end = this.type.encode(attempt, this.scratch, WIRE_HEADER_BYTES);
    while (end < 0) {
      this.scratch = Buffer.allocUnsafe((this.scratch.length - end) * 2);
      end = this.type.encode(attempt, this.scratch, WIRE_HEADER_BYTES);
    }
    writeWireHeader(this.scratch, this.schemaId);
    const encoded = Buffer.allocUnsafe(end);
    this.scratch.copy(encoded, 0, 0, end);
    return encoded;
  }

  /** At once when the writer's schema is known; a promise, which never rejects, while it is fetched for the first time. */
  decode(value: Buffer): AttemptRecordResult | Promise<AttemptRecordResult> {
    const schemaId = schemaIdOf(value);
    if (schemaId === undefined) return notAvro(value);
    const found = this.readers.of(schemaId);
    return found instanceof Promise ? found.then((reader) => readWith(reader, value)) : readWith(found, value);
  }

  private async register(): Promise<void> {
    const given = { subject: fullNameOf(this.schema, ''), schema: this.schema, compatibility: 'FULL' as const };
    this.schemaId = await registerSchema(given, this.registry);
  }
}

function compile(schema: JsonObject): avsc.Type {
  const parsed: avsc.schema.AvroSchema = JSON.parse(JSON.stringify(schema));
  return avsc.Type.forSchema(parsed, { wrapUnions: 'never', omitRecordMethods: true });
}

/** @throws Error (avsc) when records of the writer's schema lack what the reader's needs. */
function readerFor(reader: avsc.Type, writer: avsc.Type): Read {
  const resolver = reader.createResolver(writer);
  return (value) => reader.fromBuffer(value.subarray(WIRE_HEADER_BYTES), resolver);
}

function readWith(found: ReaderLookup<Read>, value: Buffer): AttemptRecordResult {
  if (found.kind !== 'reader') return found;
  try {
    const attempt = found.reader(value);
    const outcome = ATTEMPT_RESULTS.find((known) => known === attempt.outcome);
    const next = NEXT_STEPS.find((known) => known === attempt.next);
    if (outcome && next) return { kind: 'record', record: fromAvro(attempt, outcome, next) };
    return rejected('undecodable', `the outcome "${attempt.outcome}" or the next step "${attempt.next}" is unknown`);
  } catch (error) {
    return rejected('undecodable', messageOf(error));
  }
}

function toAvro(record: AttemptRecord): AvroAttempt {
  const { timing } = record;
  return {
    id: record.id,
    webhook_id: record.webhookId,
    customer_id: record.customerId,
    event_id: record.eventId,
    event_type: record.eventType,
    resource_type: record.resourceType,
    origin_partition: record.originPartition,
    origin_offset: record.originOffset,
    attempt: record.attempt,
    outcome: record.outcome,
    reason: record.reason ?? null,
    message: record.message ?? null,
    at: record.at,
    total_ms: timing.totalMs,
    dns_ms: timing.dnsMs ?? null,
    connect_ms: timing.connectMs ?? null,
    tls_ms: timing.tlsMs ?? null,
    first_byte_ms: timing.firstByteMs ?? null,
    status: record.status ?? null,
    response_excerpt: record.excerpt ?? null,
    next: record.next,
    next_tier: record.nextTier ?? null,
    next_at: record.nextAt ?? null,
    next_reason: record.nextReason ?? null,
    replay_id: record.replayId ?? null,
  };
}

function fromAvro(attempt: AvroAttempt, outcome: AttemptRecord['outcome'], next: AttemptRecord['next']): AttemptRecord {
  const { dns_ms: dnsMs, connect_ms: connectMs, tls_ms: tlsMs, first_byte_ms: firstByteMs } = attempt;
  return {
    id: attempt.id,
    webhookId: attempt.webhook_id,
    customerId: attempt.customer_id,
    eventId: attempt.event_id,
    eventType: attempt.event_type,
    resourceType: attempt.resource_type,
    originPartition: attempt.origin_partition,
    originOffset: attempt.origin_offset,
    attempt: attempt.attempt,
    outcome,
    reason: attempt.reason ?? undefined,
    message: attempt.message ?? undefined,
    at: attempt.at,
    timing: {
      totalMs: attempt.total_ms,
      ...(dnsMs === null ? {} : { dnsMs }),
      ...(connectMs === null ? {} : { connectMs }),
      ...(tlsMs === null ? {} : { tlsMs }),
      ...(firstByteMs === null ? {} : { firstByteMs }),
    },
    status: attempt.status ?? undefined,
    excerpt: attempt.response_excerpt ?? undefined,
    next,
    nextTier: attempt.next_tier ?? undefined,
    nextAt: attempt.next_at ?? undefined,
    nextReason: attempt.next_reason ?? undefined,
    replayId: attempt.replay_id ?? undefined,
  };
}
