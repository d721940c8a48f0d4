import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import avsc from 'avsc';
import { messageOf, UnavailableError } from '#libs/domain';
import { hasNoSchema, refuseForeignAnswers } from './registry-answers.ts';
import type { RegistryAddress } from './registry-address.ts';
import type { SchemaLookup } from './schema-lookup.ts';
import type { WriterSchemas } from './schema-readers.ts';
import { writerSchemaOptions } from './writer-schema.ts';

const NOT_FOUND = 404;
const ATTEMPTS = 2;
const PAUSE_MS = 100;
const LIMIT_MS = 2_000;

/** Fetches writers' schemas, and the schemas that those refer to, from a registry with Confluent's API. */
export class RegistryWriterSchemas implements WriterSchemas {
  private readonly address: RegistryAddress;
  private readonly client: SchemaRegistry;

  constructor(address: RegistryAddress) {
    const { base, credentials } = address;
    this.address = address;
    this.client = new SchemaRegistry(
      {
        host: base,
        retry: { retries: 0 },
        middlewares: [refuseForeignAnswers],
        ...(credentials && { auth: credentials }),
      },
      { [SchemaType.AVRO]: writerSchemaOptions() },
    );
  }

  /** Two attempts within two seconds. Only the registry's own "no such schema" counts as unknown. */
  async find(schemaId: number): Promise<SchemaLookup> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    const expired = new Promise<SchemaLookup>((resolve) => {
      limit.addEventListener('abort', () => resolve(this.unavailable(schemaId, `no answer within ${LIMIT_MS} ms`)));
    });
    return Promise.race([this.attempts(schemaId, limit), expired]);
  }

  private async attempts(schemaId: number, limit: AbortSignal): Promise<SchemaLookup> {
    let lookup = await this.attempt(schemaId);
    for (let made = 1; made < ATTEMPTS && lookup.kind === 'unavailable' && !limit.aborted; made++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      lookup = await this.attempt(schemaId);
    }
    return lookup;
  }

  private async attempt(schemaId: number): Promise<SchemaLookup> {
    try {
      const schema: unknown = await this.client.getSchema(schemaId);
      if (avsc.Type.isType(schema) && schema instanceof avsc.Type) return { kind: 'found', type: schema };
      return { kind: 'unsupported', message: `schema ${schemaId} is not an Avro schema` };
    } catch (error) {
      if (isNotFound(error)) return this.confirmUnknown(schemaId, error);
      if (error instanceof Error && error.name === 'ConfluentSchemaRegistryArgumentError') {
        return { kind: 'unsupported', message: `schema ${schemaId} is not a usable Avro schema (${error.message})` };
      }
      return this.unavailable(schemaId, messageOf(error), error);
    }
  }

  /** A 404 can come from a proxy or a wrong path, or be about a schema that this one refers to. */
  private async confirmUnknown(schemaId: number, notFound: Error): Promise<SchemaLookup> {
    try {
      if (await hasNoSchema(this.address, schemaId)) {
        return { kind: 'unknown', message: `the schema registry has no schema ${schemaId}` };
      }
    } catch (error) {
      return this.unavailable(schemaId, messageOf(error), error);
    }
    return this.unavailable(schemaId, notFound.message, notFound);
  }

  private unavailable(schemaId: number, problem: string, cause?: unknown): SchemaLookup {
    const message = `schema ${schemaId} could not be fetched from the schema registry at ${this.address.base}: ${problem}`;
    return { kind: 'unavailable', cause: new UnavailableError('schema registry', message, { cause }) };
  }
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && 'status' in error && error.status === NOT_FOUND;
}
