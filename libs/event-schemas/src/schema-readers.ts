import type avsc from 'avsc';
import { assertNever, type Clock, messageOf } from '#libs/domain';
import { rejected, type Rejected, type Unavailable } from './decode-result.ts';
import type { SchemaLookup } from './schema-lookup.ts';

/** How long a failed look-up is remembered, so that a thousand records do not each wait for the registry. */
const FAILURE_MS = 1_000;
const UNSUPPORTED_MS = 60_000;
const MAX_FAILURES = 10_000;

/** Finds the writer's schema of an id. It never throws, and answers within a bounded time. */
export interface WriterSchemas {
  find(schemaId: number): Promise<SchemaLookup>;
}

/** What reads records of one writer's schema, or why nothing does. */
export type ReaderLookup<Reader> = { readonly kind: 'reader'; readonly reader: Reader } | Rejected | Unavailable;

interface Failure {
  readonly result: Rejected | Unavailable;
  readonly until: number;
}

/** Readers by their writer's schema, each compiled once. */
export class SchemaReaders<Reader> {
  private readonly schemas: WriterSchemas;
  private readonly clock: Clock;
  private readonly compile: (type: avsc.Type) => Reader;
  private readonly readers = new Map<number, ReaderLookup<Reader>>();
  private readonly failures = new Map<number, Failure>();
  private readonly loading = new Map<number, Promise<ReaderLookup<Reader>>>();

  /** @param compile throws for a schema that cannot be used. */
  constructor(schemas: WriterSchemas, clock: Clock, compile: (type: avsc.Type) => Reader) {
    this.schemas = schemas;
    this.clock = clock;
    this.compile = compile;
  }

  /** At once when the schema is known; a promise, which never rejects, while it is fetched for the first time. */
  of(schemaId: number): ReaderLookup<Reader> | Promise<ReaderLookup<Reader>> {
    const reader = this.readers.get(schemaId);
    if (reader) return reader;
    const failure = this.failures.get(schemaId);
    if (failure && this.clock.now() < failure.until) return failure.result;
    const underway = this.loading.get(schemaId);
    if (underway) return underway;
    const load = this.load(schemaId).finally(() => this.loading.delete(schemaId));
    this.loading.set(schemaId, load);
    return load;
  }

  private async load(schemaId: number): Promise<ReaderLookup<Reader>> {
    const lookup = await this.schemas.find(schemaId);
    switch (lookup.kind) {
      case 'found':
        try {
          const found = { kind: 'reader' as const, reader: this.compile(lookup.type) };
          this.readers.set(schemaId, found);
          this.failures.delete(schemaId);
          return found;
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

  private remember(schemaId: number, result: Rejected | Unavailable, milliseconds: number): Rejected | Unavailable {
    if (this.failures.size >= MAX_FAILURES) this.failures.clear();
    this.failures.set(schemaId, { result, until: this.clock.now() + milliseconds });
    return result;
  }
}
